/* pcapng: the packets of what is shown. Packets are no matter of this room: whoever has them hands
 * them over (output_put_packets). */
#include "output/renderer.h"

const struct renderer render_pcapng = {
    .name = "pcapng",
    .help = "the packets of the exchanges that are shown, for Wireshark",
    .resources = RESOURCES_NONE,
    .is_packets = true,
};
