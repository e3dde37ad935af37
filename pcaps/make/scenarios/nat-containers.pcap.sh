# A host of containers, captured on all its interfaces at once (Linux cooked v2) as Docker sets it up:
# Apache in a network namespace behind a bridge, published by DNAT on port 8080, on 8081 with MASQUERADE
# too (a swarm's ingress, a NodePort); and a container that is a client, behind MASQUERADE.
mkdir -p "$www/files/readonly"
echo text >"$www/files/readonly/kept.txt"
echo text >"$www/files/a.txt"

unshare --net sleep infinity &
container_pid=$!
on_container()
{
    nsenter --net=/proc/$container_pid/ns/net -- "$@"
}
until [ "$(readlink /proc/$container_pid/ns/net)" != "$(readlink /proc/self/ns/net)" ]; do
    sleep 0.05
done
ip link add docker0 address 02:42:00:00:00:01 type bridge
ip link add veth0 type veth peer name eth0 address 02:42:ac:11:00:02 netns $container_pid
ip link set veth0 master docker0 up
ip addr add 172.17.0.1/16 dev docker0
ip link set docker0 up
on_container ip addr add 172.17.0.2/16 dev eth0
on_container ip link set eth0 up
on_container ip link set lo up
on_container ip route add default via 172.17.0.1
ethtool -K veth0 tso off gso off gro off tx off rx off >/dev/null
on_container ethtool -K eth0 tso off gso off gro off tx off rx off >/dev/null
echo 1 >/proc/sys/net/ipv4/ip_forward
nft -f - <<RULES
table ip nat {
    chain prerouting {
        type nat hook prerouting priority -100;
        ip daddr $server_ip4 tcp dport 8080 dnat to 172.17.0.2:80
        ip daddr $server_ip4 tcp dport 8081 dnat to 172.17.0.2:80
    }
    chain postrouting {
        type nat hook postrouting priority 100;
        ip saddr 172.17.0.0/16 oifname srv0 masquerade
        meta l4proto tcp ct original proto-dst 8081 oifname docker0 masquerade
    }
}
RULES

apache2()
{
    on_container /usr/sbin/apache2 "$@"
}
wait_for()
{
    until on_container bash -c ": </dev/tcp/127.0.0.1/$1" 2>/dev/null; do
        sleep 0.1
    done
}
apache
chown root "$www/files/readonly"
chmod 555 "$www/files/readonly"
on_client rclone serve webdav --addr $client_ip4:8083 "$www" 2>"$work/rclone.log" &
until on_client bash -c ": </dev/tcp/$client_ip4/8083" 2>/dev/null; do
    sleep 0.1
done
# Once before the capture begins: neighbours and rules are known then.
on_client curl -sS -o /dev/null http://dav.example:8080/files/a.txt
capture -i any -B 16384

named='<?xml version="1.0"?><propfind xmlns="DAV:"><prop><resourcetype/><getetag/></prop></propfind>'
propfind http://dav.example:8080/files/ 1 "$named"
dav DELETE http://dav.example:8080/files/
propfind http://dav.example:8081/files/ 1 "$named"
on_container curl -sS -o /dev/null -X PROPFIND -H 'Depth: 1' --data-binary "$named" \
    http://$client_ip4:8083/files/
