# HTTP/3 to Caddy, HTTP/1 from it to Radicale: both legs in one capture, the secrets too. ngtcp2 asks for three
# resources at once, then Chromium for many things at once, which Caddy packs with gzip or zstd.
. scenarios/calendar.inc
radicale_server
make_calendar
for n in $(seq 40); do put_event "event-$n" "Event $n"; done
mkdir -p "$www"
cp scenarios/quic-calendar.html "$www"
# The clients of a calendar would log in; ngtcp2's cannot. Radicale sends plain text, Caddy packs it.
caddy_gateway "handle /quic-calendar.html {" "root * $www" "file_server" "}" "handle {" "encode zstd gzip" \
    "reverse_proxy 127.0.0.1:5232 {" "header_up -Accept-Encoding" \
    "header_up Authorization \"Basic $(printf demo:demo | base64)\"" "}" "}"
capture_filter='udp port 443 or tcp port 5232'
capture -i lo -f "$capture_filter"

export SSLKEYLOGFILE=$work/keys
ask() # METHOD BODY URL...
{
    printf '%s' "$2" >"$work/body"
    on_client gtlsclient -q --exit-on-all-streams-close -m $1 -d "$work/body" dav.example 443 "${@:3}" \
        >>"$work/client.log" 2>&1
}
base=https://dav.example/demo/work
ask PROPFIND '<?xml version="1.0"?><propfind xmlns="DAV:"><prop><getetag/><displayname/></prop></propfind>' \
    $base/ $base/standup.ics $base/gone.ics
ask REPORT '<?xml version="1.0"?><C:calendar-multiget xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:prop><D:getetag/><C:calendar-data/></D:prop><D:href>/demo/work/standup.ics</D:href><D:href>/demo/work/gone.ics</D:href></C:calendar-multiget>' \
    $base/
# A certificate that nobody signed is taken for QUIC only when it is named.
key=$(openssl x509 -in "$work/ec.cert" -pubkey -noout | openssl pkey -pubin -outform der |
    openssl dgst -sha256 -binary | base64)
on_client timeout 60 chromium --headless --no-sandbox --disable-gpu --user-data-dir="$work/profile" \
    --ignore-certificate-errors-spki-list="$key" --origin-to-force-quic-on=dav.example:443 \
    --disable-background-networking --virtual-time-budget=10000 \
    --dump-dom https://dav.example/quic-calendar.html >>"$work/client.log" 2>"$work/chromium.log"
# Each interface is written as its frames come: they are put in the order of their times.
edit_capture()
{
    reordercap "$1" "$1.ordered" >/dev/null
    mv "$1.ordered" "$1"
    keep_secrets "$1"
}
