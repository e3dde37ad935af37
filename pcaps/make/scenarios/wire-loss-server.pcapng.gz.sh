# The same bad wire seen from the server's side: segments are sent again, some needlessly.
mkdir -p "$www/docs"
for n in $(seq 300); do echo "document $n" >"$www/docs/document $n.txt"; done
lossy_network 40 20
apache
capture

for depth in 0 1 1; do
    propfind http://dav.example/docs/ $depth '<?xml version="1.0"?><propfind xmlns="DAV:"><prop><getcontentlength/><getetag/></prop></propfind>'
done
