# HTTP/2 in TLS 1.3 and 1.2 (ALPN), and the same in the clear; the secrets lie in the capture.
mkdir -p "$www/files/2026"
echo one >"$www/files/a.txt"
echo two >"$www/files/b c.txt"
apache_tls 'LoadModule http2_module /usr/lib/apache2/modules/mod_http2.so' 'Protocols h2 h2c http/1.1' \
    'AddOutputFilterByType DEFLATE text/xml'
lock http://dav.example/files/a.txt >/dev/null
export SSLKEYLOGFILE=$work/keys
capture

session() # URL [curl options]
{
    local url=$1
    shift
    on_client curl -sS -k -g "$@" -o /dev/null -X PROPFIND -H 'Depth: 1' $url/files/ \
        --next -sS -k -g "$@" -o /dev/null --compressed -X PROPFIND -H 'Depth: 1' $url/files/ \
        --next -sS -k -g "$@" -o /dev/null -X PROPPATCH -H 'Content-Type: application/xml' --data-binary \
        '<?xml version="1.0"?><D:propertyupdate xmlns:D="DAV:"><D:set><D:prop><D:getetag>x</D:getetag></D:prop></D:set></D:propertyupdate>' $url/files/b%20c.txt \
        --next -sS -k -g "$@" -o /dev/null -X DELETE $url/files/ >>"$work/client.log"
}
session https://dav.example --http2 --tlsv1.3
session https://dav.example --http2 --tlsv1.2 --tls-max 1.2
session http://dav.example --http1.1
edit_capture() { keep_secrets "$1"; }
