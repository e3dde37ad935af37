# Story: in a file manager somebody makes three folders, of which one is there already. The client is
# GNOME's file layer (gvfs), as its Files window uses it.
mkdir -p "$www/share/Invoices 2026"
echo hello >"$www/share/readme.txt"
apache
capture

cat >"$work/steps" <<'STEPS'
gio mount dav://dav.example/
gio list -l dav://dav.example/share/
for name in "Photos 2026" "Invoices 2026" "Tax & Travel"; do
    gio mkdir "dav://dav.example/share/$name" || true
done
gio list -l dav://dav.example/share/
gio mount -u dav://dav.example/
STEPS
on_client env HOME="$work" XDG_RUNTIME_DIR="$work" dbus-run-session -- sh "$work/steps" >"$work/client.log" 2>&1 ||
    tail -3 "$work/client.log" >&2
