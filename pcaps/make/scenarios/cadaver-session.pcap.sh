# A cadaver session: listings, three folders of which one is there, properties, a lock, a copy, a move,
# a delete.
mkdir -p "$www/home/old"
echo text >"$www/home/notes.txt"
echo text >"$www/home/old/draft.txt"
apache
echo local >"$work/upload.txt"
capture

cat >"$work/commands" <<COMMANDS
open http://dav.example/home/
ls
mkcol one
mkcol old
mkcol "three & four"
ls
put $work/upload.txt
propget notes.txt
propset notes.txt colour blue
propget notes.txt colour
propdel notes.txt colour
lock notes.txt
discover notes.txt
copy notes.txt one/
unlock notes.txt
move one two
delete upload.txt
delete missing.txt
cd old
ls
cd ..
rmcol old
ls two
quit
COMMANDS
on_client env HOME="$work" cadaver <"$work/commands" >"$work/client.log" 2>&1 || true
