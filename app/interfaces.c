/* The list of interfaces for people and scripts; see interfaces.h. */
#include "app/interfaces.h"

#include "capture/devices.h"
#include "output/escape.h"

#include <unistd.h>

/* The next field, behind a tab. */
static void put(struct writer *writer, const char *text)
{
    writer_text(writer, "\t");
    escape_text(writer, span_str(text ? text : ""));
}

static void print_device(void *ctx, const struct device *device)
{
    struct writer *writer = ctx;
    escape_text(writer, span_str(device->name));
    put(writer, device->flags);
    put(writer, device->addresses);
    put(writer, device->description);
    writer_text(writer, "\n");
}

enum status interfaces_print(void)
{
    char reason[DEVICES_REASON_BYTES];
    struct writer writer;
    writer_init(&writer, STDOUT_FILENO, false);
    bool is_listed = devices_each((struct device_sink){print_device, &writer}, reason);
    if (!is_listed)
        fprintf(stderr, "davscope: cannot list interfaces: %s\n", reason);
    bool is_written = writer_close(&writer) == 0 || writer_is_closed(&writer);
    return is_listed && is_written ? STATUS_DONE : STATUS_DAMAGED;
}
