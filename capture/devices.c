/* libpcap's list of interfaces arrives, plain texts leave; see devices.h. */
#include "capture/devices.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <string.h>

static const struct {
    bpf_u_int32 flag;
    const char *name;
} flag_names[] = {
    {PCAP_IF_UP, "up"},
    {PCAP_IF_RUNNING, "running"},
    {PCAP_IF_LOOPBACK, "loopback"},
    {PCAP_IF_WIRELESS, "wireless"},
};

/* Appends to a list; what does not fit is left out whole. */
static void append(char *list, size_t size_bytes, const char *text)
{
    size_t len = strlen(list);
    const char *between = len > 0 ? ", " : "";
    if (len + strlen(between) + strlen(text) < size_bytes)
        (void)snprintf(list + len, size_bytes - len, "%s%s", between, text);
}

static void append_address(struct device *device, const struct sockaddr *address)
{
    char text[INET6_ADDRSTRLEN];
    const void *bytes = NULL;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    if (address && address->sa_family == AF_INET) {
        memcpy(&v4, address, sizeof v4);
        bytes = &v4.sin_addr;
    } else if (address && address->sa_family == AF_INET6) {
        memcpy(&v6, address, sizeof v6);
        bytes = &v6.sin6_addr;
    }
    if (bytes && inet_ntop(address->sa_family, bytes, text, sizeof text))
        append(device->addresses, sizeof device->addresses, text);
}

static void tell(struct device_sink sink, const pcap_if_t *found)
{
    struct device device = {.name = found->name, .description = found->description};
    for (size_t i = 0; i < sizeof flag_names / sizeof *flag_names; i++)
        if (found->flags & flag_names[i].flag)
            append(device.flags, sizeof device.flags, flag_names[i].name);
    for (const pcap_addr_t *a = found->addresses; a; a = a->next)
        append_address(&device, a->addr);
    sink.device(sink.ctx, &device);
}

bool devices_each(struct device_sink sink, char reason[DEVICES_REASON_BYTES])
{
    char why[PCAP_ERRBUF_SIZE];
    pcap_if_t *all;
    if (pcap_findalldevs(&all, why) != 0) {
        (void)snprintf(reason, DEVICES_REASON_BYTES, "%.*s", DEVICES_REASON_BYTES - 1, why);
        return false;
    }
    for (const pcap_if_t *found = all; found; found = found->next)
        tell(sink, found);
    pcap_freealldevs(all);
    return true;
}
