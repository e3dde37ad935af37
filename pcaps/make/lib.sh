# Shared by all scenarios: a server side and a client side joined by an Ethernet pair with MTU 1500,
# and the capture between them. Sourced by run-scenario with $work and $capture_name set.

server_ip4=192.0.2.80 client_ip4=192.0.2.10
server_ip6=2001:db8::80 client_ip6=2001:db8::10

address_wire()
{
    ip addr add $server_ip4/24 dev srv0
    ip -6 addr add $server_ip6/64 dev srv0 nodad
    ip link set srv0 up
    on_client ip addr add $client_ip4/24 dev cli0
    on_client ip -6 addr add $client_ip6/64 dev cli0 nodad
    on_client ip link set cli0 up
    on_client ip link set lo up
}

# The namespace we are in is the server's side; a sleeping process holds the client's.
network_up()
{
    ip link set lo up
    unshare --net sleep infinity &
    client_pid=$!
    until [ "$(readlink /proc/$client_pid/ns/net)" != "$(readlink /proc/self/ns/net)" ]; do
        sleep 0.05
    done
    ip link add srv0 address 02:00:00:00:00:80 type veth \
        peer name cli0 address 02:00:00:00:00:10 netns $client_pid
    # Without offloads the segments are as large as they would be on a wire, checksums are right.
    ethtool -K srv0 tso off gso off gro off tx off rx off >/dev/null
    on_client ethtool -K cli0 tso off gso off gro off tx off rx off >/dev/null
    address_wire
    printf '%s\n' "127.0.0.1 localhost" "$server_ip4 dav.example" "$server_ip6 dav6.example" \
        >"$work/hosts"
    mount --bind "$work/hosts" /etc/hosts
}

on_client()
{
    nsenter --net=/proc/$client_pid/ns/net -- "$@"
}

# capture [tcpdump options]: all TCP (or capture_filter) at the server's end of the wire (the client's, after
# capture_at=client), from now on. The name's end chooses the file format; .gz and .zst are packed
# when the scenario has ended.
capture_at=server capture_filter=tcp

capture()
{
    local side=() interface=srv0
    [ $capture_at = server ] || { side=(on_client) interface=cli0; }
    case ${capture_name%.gz} in
    *.pcapng*) "${side[@]}" dumpcap -q -i $interface -s 0 -f "$capture_filter" "$@" -w "$work/capture" ;;
    *) "${side[@]}" tcpdump -i $interface -s 0 -U -n --immediate-mode -Z root -w "$work/capture" "$@" \
        "$capture_filter" ;;
    esac 2>"$work/capture.log" &
    capture_pid=$!
    until grep -qsE 'listening on|File:' "$work/capture.log"; do
        kill -0 $capture_pid || { cat "$work/capture.log" >&2; return 1; }
        sleep 0.05
    done
    [ -z "${DAVSCOPE-}" ] || watch_live "$interface" "${side[@]}"
    sleep 0.3
}

# With DAVSCOPE in the environment it watches the captured interface at the same time, on
# DAVSCOPE_THREADS.
watch_live()
{
    "${@:2}" "$DAVSCOPE" -T ${DAVSCOPE_THREADS-1} -i $1 -f "$capture_filter" -o json="$work/live.json" 2>"$work/live.log" &
    live_pid=$!
    until grep -qs 'capturing on' "$work/live.log"; do
        kill -0 $live_pid || { cat "$work/live.log" >&2; return 1; }
        sleep 0.05
    done
}

# Whether tcpdump has read all that the system captured for it: it tells when it is asked.
tcpdump_has_all()
{
    kill -USR1 $1 && sleep 0.05
    tail -n 1 "$work/capture.log" | grep -qE '(\b[0-9]+) packets? captured, \1 packets? received'
}

capture_stop()
{
    # The capturing process is a child of this shell's background job. davscope reads what is left
    # when it is told to end.
    local pid try
    pid=$(pgrep -P $capture_pid) || pid=$capture_pid
    if [[ $(ps -o comm= -p $pid) == tcpdump ]]; then
        for try in {1..40}; do
            ! tcpdump_has_all $pid || break
        done
    else
        # What dumpcap holds it hands on within a second, and drops at the end.
        sleep 1.2
    fi
    if [ -n "${live_pid-}" ]; then
        kill -INT $live_pid
        wait $live_pid
    fi
    kill -INT $pid 2>/dev/null || true
    wait $capture_pid || true
}

# lossy_network DROP REORDER: replaces the wire by one that loses, doubles and swaps frames (parts of
# 1000). Call before the server.
lossy_network()
{
    ip link del srv0
    python3 lossy_wire.py $client_pid $1 $2 &
    until ip link show srv0 && on_client ip link show cli0; do
        sleep 0.1
    done >/dev/null 2>&1
    address_wire
}

# keep_capture PATH: packs the capture as its name says, and puts it there.
keep_capture()
{
    case $1 in
    *.gz) gzip -9n <"$work/capture" >"$1" ;;
    *.zst) zstd -q -19 -f "$work/capture" -o "$1" ;;
    *) cp "$work/capture" "$1" ;;
    esac
    chmod 644 "$1"
    echo "$(basename "$1"): $(capinfos -c -M -r -T "$1" 2>/dev/null | awk '{print $NF}') frames," \
        "$(stat -c %s "$1") bytes"
}

# dav METHOD URL [curl options]: one request of a command-line client; the body goes to $answer if set.
dav()
{
    local method=$1 url=$2
    shift 2
    on_client curl -sS -g -o "${answer:-/dev/null}" -w "%{http_code} $method %{url}\n" -X "$method" "$@" "$url" \
        >>"$work/client.log"
}

# dav_xml METHOD URL BODY [curl options]: the same with an XML body.
dav_xml()
{
    dav "$1" "$2" -H 'Content-Type: application/xml; charset=utf-8' --data-binary "$3" "${@:4}"
}

# propfind URL DEPTH BODY [curl options]
propfind()
{
    dav_xml PROPFIND "$1" "$3" -H "Depth: $2" "${@:4}"
}

# lock URL [curl options]: prints the lock token, nothing when there is no lock.
lock()
{
    on_client curl -sS -g -X LOCK -H 'Timeout: Second-3600' -H 'Content-Type: application/xml' \
        "${@:2}" --data-binary '<?xml version="1.0" encoding="utf-8"?>
<D:lockinfo xmlns:D="DAV:"><D:lockscope><D:exclusive/></D:lockscope><D:locktype><D:write/></D:locktype><D:owner>Ann at her desk</D:owner></D:lockinfo>' \
        "$1" | sed -nE 's/.*<[a-zA-Z0-9:]*href>((opaquelocktoken|urn:uuid):[0-9a-f-]+).*/\1/p' | sed -n 1p
}

# wait_for PORT: until a server of ours listens there (not seen in the capture: loopback).
wait_for()
{
    for _ in $(seq 100); do
        if (exec 3<>/dev/tcp/127.0.0.1/$1) 2>/dev/null; then
            return 0
        fi
        sleep 0.1
    done
    echo "no server on port $1" >&2
    return 1
}
