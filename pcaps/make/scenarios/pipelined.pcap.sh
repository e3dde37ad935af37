# Six requests in one go on one connection, among them two PROPFINDs and a refused PROPPATCH; then two
# more, of which the last closes.
mkdir -p "$www/files"
echo text >"$www/files/a.txt"
echo text >"$www/files/b.txt"
apache
capture

request() # METHOD PATH BODY [FIELD...]
{
    printf '%s\r\n' "$1 $2 HTTP/1.1" 'Host: dav.example' 'User-Agent: pipeline' "Content-Length: ${#3}" "${@:4}" ''
    printf '%s' "$3"
}
find='<?xml version="1.0"?><propfind xmlns="DAV:"><prop><getcontentlength/></prop></propfind>'
{
    request PROPFIND /files/ "$find" 'Depth: 1'
    request GET /files/a.txt ''
    request HEAD /files/b.txt ''
    request PROPPATCH /files/a.txt '<?xml version="1.0"?><D:propertyupdate xmlns:D="DAV:"><D:remove><D:prop><D:getetag/></D:prop></D:remove></D:propertyupdate>'
    request GET /files/none.txt ''
    request PROPFIND /files/b.txt "$find" 'Depth: 0'
} >"$work/burst"
{
    request DELETE /files/b.txt ''
    request PROPFIND /files/ "$find" 'Depth: 1' 'Connection: close'
} >"$work/burst2"
on_client bash -c "exec 3<>/dev/tcp/dav.example/80; cat '$work/burst' >&3; sleep 0.5; cat '$work/burst2' >&3; timeout 5 cat <&3" >/dev/null
