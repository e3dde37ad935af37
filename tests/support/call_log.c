/* Calls in, text out. */
#include "tests/support/call_log.h"

#include <stdarg.h>
#include <stdlib.h>

static void write_byte(FILE *stream, uint8_t byte)
{
    if (byte == '\n')
        fputs("\\n", stream);
    else if (byte == '\r')
        fputs("\\r", stream);
    else if (byte < 0x20 || byte > 0x7e || byte == '\\')
        fprintf(stream, "\\x%02x", byte);
    else
        fputc(byte, stream);
}

static void end_bytes(struct call_log *log)
{
    if (log->key[0] != '\0')
        fputc('\n', log->stream);
    log->key[0] = '\0';
}

void call_log_begin(struct call_log *log)
{
    *log = (struct call_log){0};
    log->stream = open_memstream(&log->text, &log->text_len);
    if (!log->stream)
        abort();
}

void call_log_line(struct call_log *log, const char *format, ...)
{
    va_list arguments;
    end_bytes(log);
    va_start(arguments, format);
    vfprintf(log->stream, format, arguments);
    va_end(arguments);
    fputc('\n', log->stream);
}

void call_log_bytes(struct call_log *log, const char *key, struct span bytes)
{
    if (strcmp(log->key, key) != 0) {
        end_bytes(log);
        snprintf(log->key, sizeof log->key, "%s", key);
        fprintf(log->stream, "%s ", key);
    }
    for (size_t i = 0; i < bytes.len; i++)
        write_byte(log->stream, bytes.ptr[i]);
}

const char *call_log_end(struct call_log *log)
{
    end_bytes(log);
    if (fflush(log->stream) != 0)
        abort();
    return log->text;
}

void call_log_free(struct call_log *log)
{
    fclose(log->stream);
    free(log->text);
    *log = (struct call_log){0};
}
