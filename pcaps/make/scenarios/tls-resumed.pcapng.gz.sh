# Sessions that go on, and handshakes in the middle, with Apache and curl: the same requests in the
# clear; in TLS 1.2 resumed by session ID (curl asks for no ticket, whether the server would give
# one or not), in TLS 1.3 by PSK, a connection for each request; and a request for which the server
# renegotiates (it asks for a certificate). The key log holds nothing for the TLS 1.2 connections
# that are resumed: their keys follow from the first one.
mkdir -p "$www/files" "$www/private"
echo one >"$www/files/a.txt"
echo two >"$www/private/b.txt"
apache_tls "KeepAlive On" \
    "<Location /private>" "SSLVerifyClient optional_no_ca" "</Location>" \
    "Listen 444" "<VirtualHost *:444>" "SSLEngine on" "SSLSessionTickets off" \
    "SSLCertificateFile $work/cert" "SSLCertificateKeyFile $work/key" "</VirtualHost>"
: >"$work/client.log"
capture

body='<?xml version="1.0"?><D:propertyupdate xmlns:D="DAV:"><D:set><D:prop><D:getetag>x</D:getetag></D:prop></D:set></D:propertyupdate>'
session() # URL [curl options]: three connections, the second and third go on with the first one's session
{
    on_client curl -sS -k -o /dev/null -H 'Connection: close' "${@:2}" -X PROPFIND -H 'Depth: 1' $1/files/ \
        --next -sS -k -o /dev/null -H 'Connection: close' "${@:2}" -X PROPPATCH -H 'Content-Type: application/xml' \
        --data-binary "$body" $1/files/a.txt \
        --next -sS -k -o /dev/null -H 'Connection: close' "${@:2}" -X PROPFIND -H 'Depth: 0' $1/files/a.txt \
        >>"$work/client.log" 2>&1
}
renegotiated() # URL [curl options]: one connection; the second request makes the server ask
{
    on_client curl -sS -k -o /dev/null "${@:2}" -X PROPFIND -H 'Depth: 1' $1/files/ \
        --next -sS -k -o /dev/null "${@:2}" -X PROPFIND -H 'Depth: 1' $1/private/ \
        --next -sS -k -o /dev/null "${@:2}" -X PROPFIND -H 'Depth: 0' $1/files/ >>"$work/client.log" 2>&1
}
session http://dav.example
SSLKEYLOGFILE=$work/keys.ticket session https://dav.example --tlsv1.2 --tls-max 1.2
SSLKEYLOGFILE=$work/keys.id session https://dav.example:444 --tlsv1.2 --tls-max 1.2
SSLKEYLOGFILE=$work/keys.psk session https://dav.example --tlsv1.3
renegotiated http://dav.example
SSLKEYLOGFILE=$work/keys.again renegotiated https://dav.example --tlsv1.2 --tls-max 1.2
for resumed in ticket id; do
    grep CLIENT_RANDOM "$work/keys.$resumed" | head -n 1 >>"$work/keys"
done
cat "$work/keys.psk" "$work/keys.again" >>"$work/keys"
edit_capture() { keep_secrets "$1"; }
