/* A text in, HTTP responses out; see exporter.h. */
#include "output/exporter.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

enum { PLACE_BYTES = 64, DEFAULT_ADDRESS_IPV4 = 0x7F000001 };

/* An address as the system takes it. */
struct place {
    struct sockaddr_storage address;
};

static bool complain(struct error *error, const char *place)
{
    return error_set(error, "metrics place '%s' is not [ADDR:]PORT such as 9207 or [::1]:9207",
                     place);
}

static bool parse_ipv4(struct place *out, const char *address, uint16_t port)
{
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(port)};
    in.sin_addr.s_addr = htonl(DEFAULT_ADDRESS_IPV4);
    if (address && inet_pton(AF_INET, address, &in.sin_addr) != 1)
        return false;
    memcpy(&out->address, &in, sizeof in);
    return true;
}

static bool parse_ipv6(struct place *out, char *address, uint16_t port)
{
    struct sockaddr_in6 in = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
    size_t len = strlen(address);
    if (len < 2 || address[len - 1] != ']')
        return false;
    address[len - 1] = '\0';
    if (inet_pton(AF_INET6, address + 1, &in.sin6_addr) != 1)
        return false;
    memcpy(&out->address, &in, sizeof in);
    return true;
}

static bool parse(struct place *out, const char *text, struct error *error)
{
    char copy[PLACE_BYTES];
    uint64_t port;
    if (strlen(text) >= sizeof copy)
        return complain(error, text);
    memcpy(copy, text, strlen(text) + 1);
    char *colon = strrchr(copy, ':');
    if (colon)
        *colon = '\0';
    const char *digits = colon ? colon + 1 : copy;
    *out = (struct place){0};
    if (!span_decimal(span_str(digits), UINT16_MAX, &port) || port == 0)
        return complain(error, text);
    bool is_ipv6 = colon && copy[0] == '[';
    bool is_read = is_ipv6 ? parse_ipv6(out, copy, (uint16_t)port)
                           : parse_ipv4(out, colon ? copy : NULL, (uint16_t)port);
    return is_read || complain(error, text);
}

bool exporter_parse(const char *place, struct error *error)
{
    struct place parsed;
    return parse(&parsed, place, error);
}

#ifdef HAVE_MICROHTTPD

#include <microhttpd.h>
#include <pthread.h>

#include <errno.h>

struct exporter {
    struct MHD_Daemon *daemon;
    pthread_mutex_t lock;
    struct MHD_Response *metrics; /* under lock; counted, so that clients keep theirs */
    struct MHD_Response *health, *unknown;
};

static enum MHD_Result queue_metrics(struct exporter *exporter, struct MHD_Connection *client)
{
    (void)pthread_mutex_lock(&exporter->lock);
    enum MHD_Result result = MHD_queue_response(client, MHD_HTTP_OK, exporter->metrics);
    (void)pthread_mutex_unlock(&exporter->lock);
    return result;
}

static enum MHD_Result answer(void *ctx, struct MHD_Connection *client, const char *url,
                              const char *method, const char *version, const char *upload,
                              size_t *upload_len, void **state)
{
    struct exporter *exporter = ctx;
    (void)version, (void)upload, (void)state;
    *upload_len = 0;
    bool is_read =
        strcmp(method, MHD_HTTP_METHOD_GET) == 0 || strcmp(method, MHD_HTTP_METHOD_HEAD) == 0;
    if (!is_read)
        return MHD_queue_response(client, MHD_HTTP_METHOD_NOT_ALLOWED, exporter->unknown);
    if (strcmp(url, "/metrics") == 0)
        return queue_metrics(exporter, client);
    if (strcmp(url, "/healthz") == 0)
        return MHD_queue_response(client, MHD_HTTP_OK, exporter->health);
    return MHD_queue_response(client, MHD_HTTP_NOT_FOUND, exporter->unknown);
}

static struct MHD_Response *text_response(struct span text)
{
    struct MHD_Response *response = MHD_create_response_from_buffer(
        text.len, (void *)(uintptr_t)text.ptr, MHD_RESPMEM_MUST_COPY);
    if (response && MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE,
                                            "text/plain; version=0.0.4; charset=utf-8") == MHD_YES)
        return response;
    if (response)
        MHD_destroy_response(response);
    return NULL;
}

static bool make_responses(struct exporter *exporter)
{
    exporter->metrics = text_response(span_str(""));
    exporter->health = text_response(span_str("ok\n"));
    exporter->unknown = text_response(span_str("there are GET /metrics and GET /healthz\n"));
    return exporter->metrics && exporter->health && exporter->unknown;
}

static struct MHD_Daemon *listen_at(struct exporter *exporter, const struct place *place)
{
    unsigned flags = MHD_USE_POLL_INTERNAL_THREAD | MHD_USE_ITC;
    if (place->address.ss_family == AF_INET6)
        flags |= MHD_USE_IPv6;
    return MHD_start_daemon(flags, 0, NULL, NULL, answer, exporter, MHD_OPTION_SOCK_ADDR,
                            (const struct sockaddr *)&place->address, MHD_OPTION_CONNECTION_LIMIT,
                            (unsigned)EXPORTER_MAX_CLIENTS, MHD_OPTION_CONNECTION_TIMEOUT,
                            (unsigned)EXPORTER_TIMEOUT_S, MHD_OPTION_END);
}

struct exporter *exporter_open(const char *text, struct error *error)
{
    struct place place;
    if (!parse(&place, text, error))
        return NULL;
    struct exporter *exporter = calloc(1, sizeof *exporter);
    (void)error_set(error, "no memory");
    if (!exporter || pthread_mutex_init(&exporter->lock, NULL) != 0) {
        free(exporter);
        return NULL;
    }
    errno = 0;
    if (make_responses(exporter))
        exporter->daemon = listen_at(exporter, &place);
    if (exporter->daemon)
        return exporter;
    if (errno != 0)
        (void)error_set(error, "metrics at '%s': %s", text, strerror(errno));
    exporter_close(exporter);
    return NULL;
}

void exporter_publish(struct exporter *exporter, struct span text)
{
    struct MHD_Response *fresh = text_response(text);
    if (!fresh)
        return;
    (void)pthread_mutex_lock(&exporter->lock);
    struct MHD_Response *old = exporter->metrics;
    exporter->metrics = fresh;
    (void)pthread_mutex_unlock(&exporter->lock);
    MHD_destroy_response(old);
}

void exporter_close(struct exporter *exporter)
{
    if (!exporter)
        return;
    if (exporter->daemon)
        MHD_stop_daemon(exporter->daemon);
    struct MHD_Response *all[] = {exporter->metrics, exporter->health, exporter->unknown};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (all[i])
            MHD_destroy_response(all[i]);
    (void)pthread_mutex_destroy(&exporter->lock);
    free(exporter);
}

#else

struct exporter *exporter_open(const char *text, struct error *error)
{
    if (exporter_parse(text, error))
        (void)error_set(error, "metrics: libmicrohttpd is not built in");
    return NULL;
}

void exporter_publish(struct exporter *exporter, struct span text)
{
    (void)exporter, (void)text;
}

void exporter_close(struct exporter *exporter)
{
    (void)exporter;
}

#endif
