/* pcap_pass CAPTURE: reads every frame through libpcap and does nothing with it: the floor under
 * everything that reads captures. Prints how many frames and bytes there were. */
#include <pcap/pcap.h>

#include <inttypes.h>
#include <stdio.h>

int main(int argc, char **argv)
{
    char error[PCAP_ERRBUF_SIZE] = "usage: pcap_pass CAPTURE";
    pcap_t *pcap = argc == 2 ? pcap_open_offline(argv[1], error) : NULL;
    if (!pcap) {
        fprintf(stderr, "%s\n", error);
        return 2;
    }
    struct pcap_pkthdr *header;
    const unsigned char *frame;
    uint64_t n_frames = 0, n_bytes = 0;
    while (pcap_next_ex(pcap, &header, &frame) == 1) {
        n_frames++;
        n_bytes += header->caplen;
    }
    pcap_close(pcap);
    printf("%" PRIu64 " frames, %" PRIu64 " bytes\n", n_frames, n_bytes);
    return 0;
}
