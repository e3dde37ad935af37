# COPY of a tree onto a full disk (no room for more folders), onto a tree with a locked file, and one
# that works.
mount -t tmpfs -o nr_inodes=24,size=1m none "$www"
mkdir -p "$www/source"/{alpha,beta,gamma,delta} "$www/target/sub" "$www/small"
echo text >"$www/target/sub/b.txt"
echo text >"$www/small/a.txt"
apache
capture

url=http://dav.example
token=$(lock $url/target/sub/b.txt)
dav COPY $url/small/ -H "Destination: $url/target/" -H 'Overwrite: T'
dav UNLOCK $url/target/sub/b.txt -H "Lock-Token: <$token>"
dav COPY $url/small/ -H "Destination: $url/target/" -H 'Overwrite: T'
until ! mkdir "$www/filler$((n = ${n-0} + 1))" 2>/dev/null; do :; done
rmdir "$www/filler1" "$www/filler2" "$www/filler3"
dav COPY $url/source/ -H "Destination: $url/copy/" -H 'Overwrite: F'
dav COPY $url/small/ -H "Destination: $url/nowhere/at/all/" -H 'Overwrite: T'
