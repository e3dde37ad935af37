# mod_deflate adds "-gzip" to the ETag of what it compresses. A client that keeps the ETag of its download
# and saves with If-Match is refused each time; one that keeps the ETag of the listing is not.
mkdir -p "$www/notes"
for n in $(seq 60); do echo "line $n of the notes"; done >"$www/notes/list.txt"
cp "$www/notes/list.txt" "$www/notes/plan.txt"
apache 'SetOutputFilter DEFLATE'
capture

notes=http://dav.example/notes
agent='NoteTaker/5.1'
list() { propfind $notes/ 1 '<?xml version="1.0"?><propfind xmlns="DAV:"><prop><getetag/><resourcetype/></prop></propfind>' -A "$agent" --compressed; }
etag_of() # NAME: as the download says it
{
    on_client curl -sS -D - -o /dev/null -A "$agent" --compressed $notes/$1 | tr -d '\r' | sed -n 's/^ETag: //p'
}
list
for _ in 1 2 3; do
    etag=$(etag_of list.txt)
    dav PUT $notes/list.txt -A "$agent" -H "If-Match: $etag" --data-binary 'mine'
done
list
etag=$(etag_of plan.txt)
dav PUT $notes/plan.txt -A "$agent" -H "If-Match: ${etag/-gzip/}" --data-binary 'mine'
list
