// Three silos in Azure Container Apps over PostgreSQL, or over tables of Azure Storage: see ../README.md. Deployed by "azd up".
targetScope = 'subscription'

@minLength(1)
@maxLength(32)
@description('Names the resource group and, hashed, everything in it.')
param environmentName string

@description('Where everything is.')
param location string

@description('Image of the silo; azd puts its own once it is built.')
param siloImage string = 'mcr.microsoft.com/dotnet/samples:aspnetapp'

@allowed(['postgres', 'tables'])
@description('What the silos share: a PostgreSQL database, or tables of the storage account.')
param shares string = 'postgres'

@secure()
@description('Of the database user "decisioning", at least 16 characters; needed with postgres alone.')
param databasePassword string = ''

@description('Keys that callers may use, as a JSON array of objects {id, hash, roles, brands}: what "keys new" prints, with lists as comma-separated text.')
param keys array

@description('What tracker URLs begin with; empty: the host of each request.')
param publicUrl string = ''

@description('An OpenTelemetry collector; empty: none.')
param otlpEndpoint string = ''

@minValue(2)
param silosAtLeast int = 3

@maxValue(30)
param silosAtMost int = 10

@description('PostgreSQL compute, as "az postgres flexible-server list-skus" names it.')
param databaseSku string = 'Standard_D4ds_v5'

@description('GiB.')
param databaseStorage int = 256

var tags = { 'azd-env-name': environmentName }

resource group 'Microsoft.Resources/resourceGroups@2024-03-01' = {
  name: 'rg-${environmentName}'
  location: location
  tags: tags
}

module network 'network.bicep' = {
  name: 'network'
  scope: group
  params: { location: location, tags: tags, suffix: uniqueString(group.id) }
}

module platform 'platform.bicep' = {
  name: 'platform'
  scope: group
  params: { location: location, tags: tags, suffix: uniqueString(group.id), appsSubnet: network.outputs.appsSubnet }
}

module database 'database.bicep' = if (shares == 'postgres') {
  name: 'database'
  scope: group
  params: {
    location: location
    tags: tags
    suffix: uniqueString(group.id)
    subnet: network.outputs.databaseSubnet
    dnsZone: network.outputs.databaseZone
    password: databasePassword
    sku: databaseSku
    storage: databaseStorage
  }
}

var connection = 'Host=${database.?outputs.host ?? ''};Database=decisioning;Username=decisioning;Password=${databasePassword};SSL Mode=Require;Maximum Pool Size=20'

module silo 'silo.bicep' = {
  name: 'silo'
  scope: group
  params: {
    location: location
    tags: tags
    suffix: uniqueString(group.id)
    environmentId: platform.outputs.environmentId
    registry: platform.outputs.registry
    identityId: platform.outputs.identityId
    image: siloImage
    clientId: platform.outputs.clientId
    join: shares == 'postgres' ? connection : platform.outputs.tables
    keys: keys
    publicUrl: publicUrl
    otlpEndpoint: otlpEndpoint
    atLeast: silosAtLeast
    atMost: silosAtMost
  }
}

output AZURE_CONTAINER_REGISTRY_ENDPOINT string = platform.outputs.registry
output AZURE_RESOURCE_GROUP string = group.name
output DECISIONING_URL string = silo.outputs.url
output DECISIONING_EXPORTS string = platform.outputs.exports
