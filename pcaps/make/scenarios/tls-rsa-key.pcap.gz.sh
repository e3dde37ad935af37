# RSA key exchange, to be opened by the server's private key alone (../tls-rsa-key.pem): the same
# requests in the clear; in TLS 1.2 with sessions resumed by ID (curl asks for no ticket); without
# encrypt-then-MAC and extended master secret; in TLS 1.0 and 1.1; renegotiated. One connection by
# ECDHE, which no key opens.
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
session() # URL [curl options]: two connections, the second goes on with the session of the first
{
    on_client curl -sS -k -o /dev/null -H 'Connection: close' "${@:2}" -X PROPFIND -H 'Depth: 1' $1/files/ \
        --next -sS -k -o /dev/null -H 'Connection: close' "${@:2}" -X PROPPATCH -H 'Content-Type: application/xml' \
        --data-binary "$body" $1/files/a.txt >>"$work/client.log" 2>&1
}
session http://dav.example
session https://dav.example --tlsv1.2 --tls-max 1.2 --ciphers AES128-GCM-SHA256
session https://dav.example:444 --tlsv1.2 --tls-max 1.2 --ciphers AES256-SHA256
session https://dav.example:8443 --tlsv1.2 --tls-max 1.2 --ciphers AES128-SHA:@SECLEVEL=0
session https://dav.example --tlsv1.1 --tls-max 1.1 --ciphers AES128-SHA:@SECLEVEL=0
session https://dav.example --tlsv1.0 --tls-max 1.0 --ciphers AES256-SHA:@SECLEVEL=0
for url in http://dav.example https://dav.example; do
    on_client curl -sS -k -o /dev/null --tls-max 1.2 --ciphers AES256-GCM-SHA384 -X PROPFIND -H 'Depth: 1' $url/files/ \
        --next -sS -k -o /dev/null --tls-max 1.2 --ciphers AES256-GCM-SHA384 -X PROPFIND -H 'Depth: 1' $url/private/ \
        --next -sS -k -o /dev/null --tls-max 1.2 --ciphers AES256-GCM-SHA384 -X PROPFIND -H 'Depth: 0' $url/files/ \
        >>"$work/client.log" 2>&1
done
on_client curl -sS -k -o /dev/null --tls-max 1.2 --ciphers ECDHE-RSA-AES128-GCM-SHA256 -X PROPFIND -H 'Depth: 1' \
    https://dav.example/files/ >>"$work/client.log" 2>&1
edit_capture() { cp "$work/key" "${CAPTURE_DIR:-$make_dir/..}/tls-rsa-key.pem"; }
