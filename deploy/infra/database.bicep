// PostgreSQL, reached by the silos' network alone, with a standby in another zone and two weeks of point-in-time restore.
param location string
param tags object
param suffix string
param subnet string
param dnsZone string

@secure()
@minLength(16)
param password string

param sku string
param storage int

resource server 'Microsoft.DBforPostgreSQL/flexibleServers@2024-08-01' = {
  name: 'psql-${suffix}'
  location: location
  tags: tags
  sku: { name: sku, tier: 'GeneralPurpose' }
  properties: {
    version: '16'
    administratorLogin: 'decisioning'
    administratorLoginPassword: password
    storage: { storageSizeGB: storage, autoGrow: 'Enabled' }
    backup: { backupRetentionDays: 14, geoRedundantBackup: 'Disabled' }
    highAvailability: { mode: 'ZoneRedundant' }
    network: { delegatedSubnetResourceId: subnet, privateDnsZoneArmResourceId: dnsZone, publicNetworkAccess: 'Disabled' }
  }

  resource database 'databases' = {
    name: 'decisioning'
    properties: { charset: 'UTF8', collation: 'C' }
  }
}

output host string = server.properties.fullyQualifiedDomainName
