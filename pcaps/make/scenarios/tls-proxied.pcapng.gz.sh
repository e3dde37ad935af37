# TLS that does not begin with the connection: behind CONNECT of a proxy (Apache), of one that is
# itself spoken to in TLS, and behind SOCKS 5 (microsocks, by address, by name, with a password); and
# the same requests in the clear, directly and through each of them. Captured before the proxy.
mkdir -p "$www/files/2026"
echo one >"$www/files/a.txt"
modules=/usr/lib/apache2/modules
apache_tls "LoadModule proxy_module $modules/mod_proxy.so" \
    "LoadModule proxy_connect_module $modules/mod_proxy_connect.so" "AllowCONNECT 80 443" \
    "Listen 3128" "<VirtualHost *:3128>" "ProxyRequests On" "</VirtualHost>" \
    "Listen 3129" "<VirtualHost *:3129>" "ProxyRequests On" "SSLEngine on" \
    "SSLCertificateFile $work/cert" "SSLCertificateKeyFile $work/key" "</VirtualHost>"
microsocks -p 1080 2>/dev/null &
microsocks -p 1081 -u demo -P demo 2>/dev/null &
wait_for 1080
wait_for 1081
: >"$work/client.log"
export SSLKEYLOGFILE=$work/keys
capture

body='<?xml version="1.0"?><D:propertyupdate xmlns:D="DAV:"><D:set><D:prop><D:getetag>x</D:getetag></D:prop></D:set></D:propertyupdate>'
session() # URL [curl options]
{
    on_client curl -sS -k -o /dev/null "${@:2}" -X PROPFIND -H 'Depth: 1' $1/files/ \
        --next -sS -k -o /dev/null "${@:2}" -X PROPPATCH -H 'Content-Type: application/xml' \
        --data-binary "$body" $1/files/a.txt >>"$work/client.log" 2>&1
}
through() # PROXY [curl options]
{
    session http://dav.example --proxy $1 --proxytunnel "${@:2}"
    session https://dav.example --proxy $1 --proxytunnel "${@:2}"
}
session http://dav.example
through http://dav.example:3128 --tlsv1.3
through https://dav.example:3129 --proxy-insecure --tls-max 1.2
session http://dav.example --proxy socks5://dav.example:1080
session https://dav.example --proxy socks5://dav.example:1080
session https://dav.example --proxy socks5h://dav.example:1080 --tls-max 1.2
session https://dav.example --proxy socks5h://dav.example:1081 --proxy-user demo:demo
edit_capture() { keep_secrets "$1"; }
