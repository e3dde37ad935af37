# Apache's folder is a small file system. A client stores three files and there is no room for the second;
# it tries that one again and again, then copies a tree that does not fit either, and makes room.
mount -t tmpfs -o size=48k none "$www"
mkdir -p "$www/photos/2026"
for name in hill river sea; do head -c 8000 /dev/zero >"$www/photos/2026/$name.jpg"; done
apache
capture

files=http://dav.example
head -c 4000 /dev/zero >"$work/small"
head -c 24000 /dev/zero >"$work/large"
agent='PhotoSync/3.2'
dav PUT $files/photos/beach.jpg -A "$agent" -T "$work/small"
for _ in 1 2 3; do
    dav PUT $files/photos/film.mp4 -A "$agent" -H 'Expect:' -T "$work/large"
    propfind $files/photos/ 1 '<?xml version="1.0"?><propfind xmlns="DAV:"><prop><getetag/><getcontentlength/><resourcetype/></prop></propfind>' -A "$agent"
done
dav COPY $files/photos/2026/ -A "$agent" -H "Destination: $files/photos/2026-copy/" -H 'Depth: infinity'
dav DELETE $files/photos/2026/sea.jpg -A "$agent"
dav PUT $files/photos/beach2.jpg -A "$agent" -T "$work/small"
