# HTTP/2 in TLS at nginx, which speaks HTTP/1.1 with Radicale behind it: a calendar made, filled, listed and
# queried by curl, twenty listings at once on one connection, one over HTTP/1.1.
. scenarios/calendar.inc
radicale_server
certificate
nginx_gateway 'listen 443 ssl http2;' "ssl_certificate $work/cert;" "ssl_certificate_key $work/key;" \
    'location / { proxy_pass http://127.0.0.1:5232; proxy_set_header Host $http_host; }'
export SSLKEYLOGFILE=$work/keys
capture

calendar=https://dav.example/demo/work/
dav() # METHOD URL [curl options]
{
    on_client curl -sS -g -k --http2 -o "${answer:-/dev/null}" -w "%{http_code} $1 %{url}\n" -X "$1" "${@:3}" "$2" >>"$work/client.log"
}
make_calendar
list='<?xml version="1.0"?><propfind xmlns="DAV:"><prop><getetag/><displayname/></prop></propfind>'
propfind $calendar 1 "$list" -u demo:demo
multiget standup.ics gone.ics
sync ''
dav DELETE ${calendar}dentist.ics -u demo:demo
sync "$token"
on_client curl -sS -k -Z --parallel-max 20 --http2 -X PROPFIND -H 'Depth: 1' -H 'Content-Type: application/xml' \
    -u demo:demo --data-binary "$list" -o /dev/null "$calendar?n=[1-20]" >>"$work/client.log"
propfind $calendar 1 "$list" -u demo:demo --http1.1
edit_capture() { keep_secrets "$1"; }
