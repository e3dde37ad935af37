# A bad wire seen from the client's side: segments of the listings come late, twice and out of order,
# but all of them came.
mkdir -p "$www/docs"
for n in $(seq 300); do echo "document $n" >"$www/docs/document $n.txt"; done
lossy_network 30 30
apache
capture_at=client
capture

for depth in 0 1 1; do
    propfind http://dav.example/docs/ $depth '<?xml version="1.0"?><propfind xmlns="DAV:"><prop><getcontentlength/><getetag/></prop></propfind>'
done
dav MKCOL http://dav.example/docs/
