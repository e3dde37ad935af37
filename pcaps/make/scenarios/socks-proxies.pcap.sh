# HTTP in the clear behind SOCKS: dante by SOCKS 4 and by SOCKS 5 with an address and with a name,
# microsocks with a password and with a wrong one. The same two requests each time, captured before
# the proxies.
mkdir -p "$www/files/2026"
echo one >"$www/files/a.txt"
apache
cat >"$work/danted.conf" <<EOF
internal: 0.0.0.0 port = 1080
external: $server_ip4
clientmethod: none
socksmethod: none
user.privileged: root
user.unprivileged: nobody
client pass { from: 0.0.0.0/0 to: 0.0.0.0/0 }
socks pass { from: 0.0.0.0/0 to: 0.0.0.0/0 }
EOF
danted -f "$work/danted.conf" >/dev/null &
microsocks -p 1081 -u demo -P demo 2>/dev/null &
wait_for 1080
wait_for 1081
: >"$work/client.log"
capture

body='<?xml version="1.0"?><D:propertyupdate xmlns:D="DAV:"><D:set><D:prop><D:getetag>x</D:getetag></D:prop></D:set></D:propertyupdate>'
session() # curl options
{
    on_client curl -sS -o /dev/null "$@" -X PROPFIND -H 'Depth: 1' http://dav.example/files/ \
        --next -sS -o /dev/null "$@" -X PROPPATCH -H 'Content-Type: application/xml' \
        --data-binary "$body" http://dav.example/files/a.txt >>"$work/client.log" 2>&1
}
session --socks4 dav.example:1080
session --socks5 dav.example:1080
session --socks5-hostname dav.example:1080
session --socks5-hostname dav.example:1081 --proxy-user demo:demo
session --socks5-hostname dav.example:1081 --proxy-user demo:wrong || true
