#!/bin/bash
# First boot of Quarry's ClickHouse, and every boot after it: each step looks first whether it was done.
# Nothing in here is secret: passwords and keys are made on this machine, and never leave it but into their secrets.
set -euo pipefail

region='@@REGION@@'
prefix='@@PREFIX@@'
host='@@HOST@@'
version='@@VERSION@@'
volume='@@VOLUME@@'
backups='@@BACKUPS@@'

# The volume comes a moment after the instance. Nitro shows it by its id, without the hyphen.
device="/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_${volume/-/}"
for _ in $(seq 120); do
  [ -e "$device" ] && break
  sleep 5
done
# A volume that has a file system keeps it: it outlives instances.
blkid "$device" || mkfs.xfs "$device"
mkdir -p /data
mountpoint -q /data || mount "$device" /data
grep -q ' /data ' /etc/fstab || echo "$device /data xfs defaults,nofail 0 2" >> /etc/fstab

if ! command -v clickhouse-server > /dev/null; then
  dnf install -y dnf-plugins-core
  dnf config-manager --add-repo https://packages.clickhouse.com/rpm/clickhouse.repo
  dnf install -y "clickhouse-common-static-$version" "clickhouse-server-$version" "clickhouse-client-$version"
fi
mkdir -p /data/clickhouse /data/backups /etc/clickhouse-server/{config.d,users.d,tls}
chown -R clickhouse:clickhouse /data/clickhouse /data/backups

# A certificate authority of our own lives on the volume; what it signed is known to clients by its certificate alone.
authority=/data/authority
if [ ! -s "$authority/ca.key" ]; then
  mkdir -p "$authority"
  chmod 700 "$authority"
  openssl req -x509 -newkey rsa:3072 -nodes -days 3650 -subj "/CN=$prefix ClickHouse authority" \
    -addext 'basicConstraints=critical,CA:TRUE,pathlen:0' -addext 'keyUsage=critical,keyCertSign' \
    -keyout "$authority/ca.key" -out "$authority/ca.crt"
fi
tls=/etc/clickhouse-server/tls
if ! openssl x509 -checkend 2592000 -noout -in "$tls/server.crt" 2> /dev/null; then
  openssl req -newkey rsa:3072 -nodes -subj "/CN=$host" -keyout "$tls/server.key" -out /tmp/server.csr
  openssl x509 -req -in /tmp/server.csr -CA "$authority/ca.crt" -CAkey "$authority/ca.key" -CAcreateserial -days 397 \
    -extfile <(printf 'subjectAltName=DNS:%s' "$host") -out "$tls/server.crt"
  chown -R clickhouse:clickhouse "$tls"
  chmod 600 "$tls/server.key"
fi
aws ssm put-parameter --region "$region" --name "/quarry/${prefix#quarry-}/clickhouse-certificate" --type String \
  --overwrite --value "$(cat "$authority/ca.crt")"

# A password that is there stays; an empty secret gets one.
: > /etc/clickhouse-server/passwords.env
chmod 600 /etc/clickhouse-server/passwords.env
for user in admin writer reader; do
  secret="$prefix-clickhouse-$user"
  password=$(aws secretsmanager get-secret-value --region "$region" --secret-id "$secret" --query SecretString --output text 2> /dev/null || true)
  if [ -z "$password" ]; then
    password=$(openssl rand -hex 32)
    aws secretsmanager put-secret-value --region "$region" --secret-id "$secret" --secret-string "$password" > /dev/null
  fi
  hash=$(printf '%s' "$password" | sha256sum | cut -d ' ' -f 1)
  echo "QUARRY_${user^^}_SHA256=$hash" >> /etc/clickhouse-server/passwords.env
  unset password
done

cat > /etc/clickhouse-server/config.d/quarry.xml << 'CONFIGURATION'
@@CONFIGURATION@@
CONFIGURATION
cat > /etc/clickhouse-server/users.d/quarry.xml << 'USERS'
@@USERS@@
USERS
mkdir -p /etc/systemd/system/clickhouse-server.service.d
cat > /etc/systemd/system/clickhouse-server.service.d/quarry.conf << 'UNIT'
[Unit]
RequiresMountsFor=/data
[Service]
EnvironmentFile=/etc/clickhouse-server/passwords.env
UNIT

# What the alarms look at, each minute; and a backup each night.
cat > /usr/local/bin/quarry-metrics << METRICS
#!/bin/bash
set -euo pipefail
disk=\$(df --output=pcent /data | tail -1 | tr -dc '0-9')
memory=\$(free | awk '/^Mem:/ { printf "%.0f", 100 * (\$2 - \$7) / \$2 }')
password=\$(aws secretsmanager get-secret-value --region $region --secret-id $prefix-clickhouse-admin --query SecretString --output text)
parts=\$(CLICKHOUSE_PASSWORD="\$password" clickhouse-client --user admin --query "SELECT max(parts) FROM (SELECT count() AS parts FROM system.parts WHERE active GROUP BY table, partition)")
for metric in "DiskUsed=\$disk" "MemoryUsed=\$memory" "PartsInPartition=\$parts"; do
  aws cloudwatch put-metric-data --region $region --namespace Quarry --metric-name "\${metric%=*}" --value "\${metric#*=}" --dimensions Environment=$prefix
done
METRICS
cat > /usr/local/bin/quarry-backup << BACKUP
#!/bin/bash
set -euo pipefail
password=\$(aws secretsmanager get-secret-value --region $region --secret-id $prefix-clickhouse-admin --query SecretString --output text)
name=\$(date -u +%Y%m%dT%H%M%SZ)
CLICKHOUSE_PASSWORD="\$password" clickhouse-client --user admin --query "BACKUP DATABASE default TO S3('$backups/\$name')"
aws cloudwatch put-metric-data --region $region --namespace Quarry --metric-name BackupDone --value 1 --dimensions Environment=$prefix
BACKUP
chmod 755 /usr/local/bin/quarry-metrics /usr/local/bin/quarry-backup
for job in 'metrics:*:0/1' 'backup:*-*-* 06:00:00 UTC'; do
  name=${job%%:*}
  printf '[Service]\nType=oneshot\nExecStart=/usr/local/bin/quarry-%s\n' "$name" > "/etc/systemd/system/quarry-$name.service"
  printf '[Timer]\nOnCalendar=%s\nPersistent=true\n[Install]\nWantedBy=timers.target\n' "${job#*:}" > "/etc/systemd/system/quarry-$name.timer"
done
systemctl daemon-reload
systemctl enable --now clickhouse-server quarry-metrics.timer quarry-backup.timer
