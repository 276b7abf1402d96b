#!/bin/sh
# Builds the image where no container engine runs, and runs the demo in it: a base from Debian's packages in the place of
# the pinned one, buildah in a chroot. Needs root, Debian's buildah and debootstrap, and Node 24 from `npm ci`.
#   containers/build-without-engine.sh [FOLDER]     scratch folder, 5 GB; a temporary one by default
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
scratch=${1:-$(mktemp -d)}
mkdir -p "$scratch"
mirror=${DEBIAN_MIRROR:-}
export STORAGE_DRIVER=vfs BUILDAH_ISOLATION=chroot
store="--root $scratch/storage --runroot $scratch/run"

echo "Base: Debian 12 with the clone's own Node 24" >&2
[ -d "$scratch/base/usr" ] || debootstrap --variant=minbase --include=ca-certificates bookworm "$scratch/base" $mirror >"$scratch/debootstrap.log"
node_package=$(find "$root/node_modules" -maxdepth 3 -path '*/node/bin/node' | head -n 1)
cp -L "$node_package" "$scratch/base/usr/local/bin/node"
cp -RL "$(dirname "$(readlink -f "$(command -v npm)")")/.." "$scratch/base/usr/local/lib/npm"
printf '#!/bin/sh\nexec node /usr/local/lib/npm/bin/npm-cli.js "$@"\n' >"$scratch/base/usr/local/bin/npm"
chmod 755 "$scratch/base/usr/local/bin/npm"
# Certificates and settings by which this machine reaches its package registry.
authorities=/etc/ssl/certs/ca-certificates.crt
[ ! -f $authorities ] || cat $authorities >"$scratch/base$authorities"
: >"$scratch/npmrc"
for settings in "$(npm config get globalconfig)" "$(npm config get userconfig)"; do
  [ ! -f "$settings" ] || cat "$settings" >>"$scratch/npmrc"
done

base=$(buildah $store from scratch)
buildah $store add "$base" "$scratch/base" / >/dev/null
buildah $store commit --rm "$base" quarry-base >/dev/null
echo "Image" >&2
buildah $store bud --isolation chroot --file "$root/containers/job/Dockerfile" \
  --build-arg BASE=quarry-base --build-arg REVISION="$(git -C "$root" rev-parse HEAD)" \
  ${NODE_EXTRA_CA_CERTS:+--volume "$NODE_EXTRA_CA_CERTS:$NODE_EXTRA_CA_CERTS:ro" --env NODE_EXTRA_CA_CERTS} \
  --volume "$scratch/npmrc:/usr/local/etc/npmrc:ro" \
  --tag quarry "$root" >&2

container=$(buildah $store from quarry)
mounted=$(buildah $store mount "$container")
echo "Size: $(du -sm "$mounted" | cut -f1) MB unpacked, $(du -sm "$mounted/quarry/node_modules/@chdb" | cut -f1) MB of it ClickHouse's engine"
for absent in mocha typescript eslint @pulumi node; do
  [ ! -e "$mounted/quarry/node_modules/$absent" ] || { echo "$absent is in the image" >&2; exit 1; }
done
buildah $store umount "$container" >/dev/null
echo "Demo in the image, as its own user" >&2
buildah $store run --isolation chroot --user 1000:1000 "$container" -- \
  node /quarry/bin/quarry.js demo --securities 40 --years 3 --out /tmp/out
buildah $store rm "$container" >/dev/null
