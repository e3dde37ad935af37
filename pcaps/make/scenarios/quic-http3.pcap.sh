# HTTP/3 (ngtcp2's client and server, then Chromium, whose hello is in pieces over two packets), and the same folder
# over TCP (curl, Apache).
mkdir -p "$www/files" "$work/h3/files"
echo one >"$www/files/a.txt"
echo one >"$work/h3/files/a.txt"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 -subj /CN=dav.example \
    -keyout "$work/key" -out "$work/certificate" 2>/dev/null
apache
gtlsserver -q -d "$work/h3" $server_ip4 443 "$work/key" "$work/certificate" >/dev/null &
capture_filter='tcp or udp'
capture

# The server answers a PROPFIND as it would a GET; nobody here can look inside anyway.
on_client gtlsclient -q --exit-on-all-streams-close -m PROPFIND dav.example 443 https://dav.example/files/a.txt \
    >>"$work/client.log" 2>&1
on_client timeout 20 chromium --headless --no-sandbox --disable-gpu --user-data-dir="$work/profile" \
    --ignore-certificate-errors --origin-to-force-quic-on=dav.example:443 --disable-background-networking \
    --dump-dom https://dav.example/files/a.txt >>"$work/client.log" 2>/dev/null || true
dav PROPFIND http://dav.example/files/ -H 'Depth: 1'
