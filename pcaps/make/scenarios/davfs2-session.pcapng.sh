# davfs2: Apache's folder mounted as a file system; folders made, files written, renamed and removed.
mkdir -p "$www/disk/old"
echo text >"$www/disk/notes.txt"
apache
capture

mkdir -p "$work/mnt"
mount -t tmpfs none /var/cache/davfs2
chown davfs2:davfs2 /var/cache/davfs2
printf 'use_locks 1\nask_auth 0\ndelay_upload 0\ndir_refresh 1\n' >"$work/davfs2.conf"
on_client mount.davfs -o conf="$work/davfs2.conf",uid=0,gid=0 http://dav.example/disk/ "$work/mnt" </dev/null >"$work/client.log" 2>&1 || cat "$work/client.log" >&2
(
    set +e
    cd "$work/mnt"
    ls -l
    mkdir new old "three & four"
    cat notes.txt
    echo more >>notes.txt
    echo fresh >new/fresh.txt
    mv notes.txt new/
    ls -l new
    rm -r old
    rmdir "three & four"
) >>"$work/client.log" 2>&1
umount "$work/mnt" >/dev/null
