# Names that need care: spaces, %, &, <, quotes, umlauts, Japanese, emoji, very long; written by PUT and
# MKCOL, read by PROPFIND with Depth infinity, and one of them refused to PROPPATCH.
mkdir -p "$www/odd"
apache
capture

url=http://dav.example/odd/
for name in 'two%20words.txt' '100%25.txt' 'a%26b.txt' '%3Cangle%3E.txt' 'say%20%22hi%22.txt' "it's.txt" \
    '%C3%9Cml%C3%A4ute.txt' 'Ume%CC%81lange.txt' '%E6%97%A5%E6%9C%AC%E8%AA%9E.txt' \
    '%F0%9F%8E%89%20party%20%F0%9F%8E%82.txt' 'semi%3Bcolon.txt' 'hash%23tag.txt' 'what%3F.txt' \
    'plus+plus.txt' "$(printf 'long%.0s' $(seq 60)).txt" '%5Bbrackets%5D.txt'; do
    dav PUT $url$name --data-binary 'text'
done
dav MKCOL "${url}F%C3%B6lder%20%26%20more/"
dav PUT "${url}F%C3%B6lder%20%26%20more/%252F.txt" --data-binary 'text'
propfind $url infinity '<?xml version="1.0" encoding="utf-8"?><D:propfind xmlns:D="DAV:"><D:prop><D:getcontentlength/><D:displayname/></D:prop></D:propfind>'
dav_xml PROPPATCH "${url}%F0%9F%8E%89%20party%20%F0%9F%8E%82.txt" '<?xml version="1.0" encoding="utf-8"?>
<D:propertyupdate xmlns:D="DAV:" xmlns:Z="urn:beispiel:größe"><D:set><D:prop><Z:größe>groß &amp; 🎉</Z:größe><D:getetag>x</D:getetag></D:prop></D:set></D:propertyupdate>'
