// A network that silos and database share, and nobody else reaches: Orleans' ports have no authentication of their own.
param location string
param tags object
param suffix string

resource network 'Microsoft.Network/virtualNetworks@2024-01-01' = {
  name: 'vnet-${suffix}'
  location: location
  tags: tags
  properties: {
    addressSpace: { addressPrefixes: ['10.20.0.0/16'] }
    subnets: [
      {
        name: 'apps'
        properties: {
          addressPrefix: '10.20.0.0/23'
          delegations: [{ name: 'apps', properties: { serviceName: 'Microsoft.App/environments' } }]
        }
      }
      {
        name: 'database'
        properties: {
          addressPrefix: '10.20.4.0/28'
          delegations: [{ name: 'postgres', properties: { serviceName: 'Microsoft.DBforPostgreSQL/flexibleServers' } }]
        }
      }
    ]
  }

  resource apps 'subnets' existing = { name: 'apps' }
  resource database 'subnets' existing = { name: 'database' }
}

resource zone 'Microsoft.Network/privateDnsZones@2020-06-01' = {
  name: 'decisioning-${suffix}.private.postgres.database.azure.com'
  location: 'global'
  tags: tags

  resource link 'virtualNetworkLinks' = {
    name: 'network'
    location: 'global'
    properties: { registrationEnabled: false, virtualNetwork: { id: network.id } }
  }
}

output appsSubnet string = network::apps.id
output databaseSubnet string = network::database.id
output databaseZone string = zone.id
