# The same listing (curl, Apache) through VXLAN of Linux: over IPv4, over IPv6 to the port used before there was a
# number, and through VXLAN in VXLAN.
mkdir -p "$www/files"
echo one >"$www/files/a.txt"
apache
capture_filter='udp or tcp'
capture

# vxlan DEVICE NUMBER PORT SERVER CLIENT: a tunnel between two addresses, asked through at once. Nothing is cut into
# fragments.
vxlan()
{
    ip link add "$1" type vxlan id "$2" dstport "$3" local "$4" remote "$5"
    on_client ip link add "$1" type vxlan id "$2" dstport "$3" local "$5" remote "$4"
    ip addr add 198.51.100.$(($2 + 1))/30 dev "$1"
    on_client ip addr add 198.51.100.$(($2 + 2))/30 dev "$1"
    ip link set "$1" mtu $((1450 - 10 * $2)) up
    on_client ip link set "$1" mtu $((1450 - 10 * $2)) up
    dav PROPFIND http://198.51.100.$(($2 + 1))/files/ -H 'Depth: 1' -H 'Host: dav.example'
}

vxlan over4 4 4789 $server_ip4 $client_ip4
vxlan over6 8 8472 $server_ip6 $client_ip6
vxlan inner 12 4789 198.51.100.5 198.51.100.6
