#!/bin/sh
# Collects the root of the image. Arguments: the Node.js to put in, and the folder to fill.
set -eu
node=$1
root=$2

# Node.js without its symbols, and each library that the dynamic loader finds for it.
mkdir -p "$root/usr/local/bin" "$root/etc/ssl/certs" "$root/etc/evenkeel" "$root/var/lib/evenkeel" "$root/tmp" "$root/lib"
strip -o "$root/usr/local/bin/node" "$node"
chmod 0755 "$root/usr/local/bin/node"
ldd "$node" | grep -o '/[^ ]*' | while read -r library; do
  mkdir -p "$root$(dirname "$library")"
  cp -L "$library" "$root$library"
done
# Names of hosts and users: glibc loads these by name, so ldd does not list them.
for library in "$(dirname "$(ldd "$node" | grep -o '/[^ ]*/libc.so.6')")"/libnss_dns.so.2 "$(dirname "$(ldd "$node" | grep -o '/[^ ]*/libc.so.6')")"/libresolv.so.2; do
  if [ -e "$library" ]; then cp -L "$library" "$root$library"; fi
done
cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"

echo 'evenkeel:x:10001:10001::/var/lib/evenkeel:/nonexistent' > "$root/etc/passwd"
echo 'evenkeel:x:10001:' > "$root/etc/group"
echo 'hosts: files dns' > "$root/etc/nsswitch.conf"
chown 10001:10001 "$root/var/lib/evenkeel"
chmod 0700 "$root/var/lib/evenkeel"
chmod 1777 "$root/tmp"
