# What TLS 1.3 can do beside data, with openssl's own client and server, which answers with written
# files: HelloRetryRequest, padding, key updates by the client, a resumed session with early data.
mkdir -p "$work/served"
certificate
printf 'HTTP/1.1 207 Multi-Status\r\nContent-Type: application/xml\r\nContent-Length: %d\r\n\r\n%s' 171 \
    '<D:multistatus xmlns:D="DAV:"><D:response><D:href>/locked.txt</D:href><D:status>HTTP/1.1 423 Locked</D:status></D:response></D:multistatus>' >"$work/served/files"
length=$(sed '1,/^\r$/d' "$work/served/files" | wc -c)
sed -i "s/Content-Length: 171/Content-Length: $length/" "$work/served/files"
server() # PORT OPTIONS...
{
    (cd "$work/served" && exec openssl s_server -accept $1 -cert "$work/cert" -key "$work/key" -HTTP "${@:2}") \
        >>"$work/server.log" 2>&1 &
    wait_for $1
}
server 4431 -groups P-384
server 4432 -record_padding 256
server 4433
mkdir -p "$work/nginx" "$www"
echo text >"$www/a.txt"
chmod 755 "$work"
cat >"$work/nginx/conf" <<CONF
load_module /usr/lib/nginx/modules/ngx_http_dav_ext_module.so;
daemon off;
user www-data;
pid $work/nginx/pid;
error_log $work/nginx/error.log;
events { worker_connections 64; }
http {
    access_log off;
    server {
        listen 4434 ssl;
        root $www;
        ssl_certificate $work/cert;
        ssl_certificate_key $work/key;
        ssl_protocols TLSv1.3;
        ssl_early_data on;
        location / { client_body_temp_path $work/nginx/body; dav_ext_methods PROPFIND; }
    }
}
CONF
nginx -c "$work/nginx/conf" -e "$work/nginx/error.log" &
wait_for 4434
: >"$work/client.log"
capture

after= # what is sent a little later: a key update is a command on its own
ask() # PORT INPUT OPTIONS...
{
    { printf "$2"; sleep 0.4; printf "$after"; sleep 0.4; } | on_client openssl s_client -connect dav.example:$1 -servername dav.example \
        -keylogfile "$work/keys" "${@:3}" >>"$work/client.log" 2>&1 || true
}
request='GET /files HTTP/1.1\r\nHost: dav.example\r\n\r\n'
ask 4431 "$request" -groups X25519:P-384
ask 4432 "$request" -record_padding 128
after=$request
ask 4433 "K\n"
ask 4433 "k\n"
after=
request='PROPFIND / HTTP/1.1\r\nHost: dav.example\r\nDepth: 1\r\n\r\n'
ask 4434 "$request" -sess_out "$work/session"
printf "$request" >"$work/early"
ask 4434 "" -sess_in "$work/session" -early_data "$work/early"
edit_capture() { keep_secrets "$1"; }
