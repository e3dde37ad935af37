# The same session in the clear and in TLS 1.0, 1.1, 1.2 and 1.3, one connection each: a listing, the
# same listing in gzip, a PROPPATCH refused, a DELETE that fails in part.
mkdir -p "$www/files/2026" "$www/guarded"
for n in 1 2 3 4 5 6; do mkdir -p "$www/guarded$n/readonly"; echo kept >"$www/guarded$n/readonly/kept.txt"; done
seq -f 'note %g' 9 | while read -r line; do echo "$line" >"$www/files/${line// /-}.txt"; done
apache_tls "AddOutputFilterByType DEFLATE text/xml"
chown root "$www"/guarded*/readonly
chmod 555 "$www"/guarded*/readonly
export SSLKEYLOGFILE=$work/keys
capture

session() # URL NUMBER [curl options]
{
    local url=$1 number=$2
    shift 2
    on_client curl -sS -k -g "$@" -o /dev/null -X PROPFIND -H 'Depth: 1' $url/files/ \
        --next -sS -k -g "$@" -o /dev/null --compressed -X PROPFIND -H 'Depth: 1' $url/files/ \
        --next -sS -k -g "$@" -o /dev/null -X PROPPATCH -H 'Content-Type: application/xml' --data-binary \
        '<?xml version="1.0"?><D:propertyupdate xmlns:D="DAV:" xmlns:Z="http://ns.example/z/"><D:set><D:prop><Z:tag>red</Z:tag><D:getetag>x</D:getetag></D:prop></D:set></D:propertyupdate>' $url/files/note-1.txt \
        --next -sS -k -g "$@" -o /dev/null -X DELETE $url/guarded$number/ >>"$work/client.log"
}
session http://dav.example 1
session https://dav.example 2 --tlsv1.0 --tls-max 1.0 --ciphers DEFAULT@SECLEVEL=0
session https://dav.example 3 --tlsv1.1 --tls-max 1.1 --ciphers DEFAULT@SECLEVEL=0
session https://dav.example 4 --tlsv1.2 --tls-max 1.2
session https://dav.example 5 --tlsv1.3
edit_capture() { keep_secrets "$1"; }
