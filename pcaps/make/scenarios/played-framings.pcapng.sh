# One listing in every dress: with a length, in chunks of 1, 7 and 1000 bytes, until the connection ends,
# as gzip, x-gzip, zlib, raw deflate, gzip in gzip, gzip without saying so, UTF-16, Latin-1; then cut
# short in three ways: in a body with a length, in a gzip, in chunks.
. scenarios/played.inc
body=$work/body
{
    echo '<?xml version="1.0" encoding="utf-8"?>'
    echo '<multistatus xmlns="DAV:">'
    for n in 1 2 3 4 5 6; do
        echo "<response><href>/docs/caf%C3%A9-$n.txt</href><propstat><prop><displayname>café $n</displayname></prop><status>HTTP/1.1 200 OK</status></propstat><propstat><prop><getetag/></prop><status>HTTP/1.1 404 Not Found</status></propstat></response>"
    done
    echo '</multistatus>'
} >"$body"
compress() # PYTHON EXPRESSION of zlib and data
{
    python3 -c "import sys, zlib, gzip; data = sys.stdin.buffer.read(); sys.stdout.buffer.write($1)" <"$body"
}
listing() # FIELD...
{
    reply 'HTTP/1.1 207 Multi-Status' 'Server: played/1' "$@"
}
xml='Content-Type: text/xml; charset="utf-8"'
listing "$xml" <"$body"
for size in 1 7 1000; do listing "$xml" "X-Framing: chunked $size" <"$body"; done
listing "$xml" 'X-Framing: close' <"$body"
compress 'gzip.compress(data)' | listing "$xml" 'Content-Encoding: gzip'
compress 'gzip.compress(data)' | listing "$xml" 'Content-Encoding: x-gzip' 'X-Framing: chunked 100'
compress 'zlib.compress(data)' | listing "$xml" 'Content-Encoding: deflate'
compress 'zlib.compress(data)[2:-4]' | listing "$xml" 'Content-Encoding: deflate' 'X-Framing: close'
compress 'gzip.compress(gzip.compress(data))' | listing "$xml" 'Content-Encoding: gzip, gzip'
compress 'gzip.compress(data)' | listing "$xml"
compress 'gzip.compress(data[:300]) + gzip.compress(data[300:])' | listing "$xml" 'Content-Encoding: gzip'
sed "s/utf-8/utf-16/" "$body" | iconv -t UTF-16 | listing 'Content-Type: application/xml'
sed 's/utf-8/iso-8859-1/' "$body" | iconv -t ISO-8859-1 | listing 'Content-Type: application/xml'
iconv -t ISO-8859-1 "$body" | listing 'Content-Type: text/xml; charset=iso-8859-1'
listing "$xml" 'X-Framing: cut 700' <"$body"
compress 'gzip.compress(data)' | listing "$xml" 'Content-Encoding: gzip' 'X-Framing: cut 150'
listing "$xml" 'X-Framing: cut-chunked 300 900' <"$body"
played_server
capture

for _ in $(seq $(n_replies)); do
    propfind $url/docs/ 1 '<?xml version="1.0"?><propfind xmlns="DAV:"><prop><displayname/><getetag/></prop></propfind>' 2>/dev/null || true
done
