// The silos: one Container App whose replicas find one another through the database.
param location string
param tags object
param suffix string
param environmentId string
param registry string
param identityId string
param clientId string
param image string

// What the silos share: a connection string, or the address of an account's tables.
@secure()
param join string

param keys array
param publicUrl string
param otlpEndpoint string
param atLeast int
param atMost int

var perKey = [
  for (key, i) in keys: [
    { name: 'DECISIONING__Keys__${i}__Id', value: key.id }
    { name: 'DECISIONING__Keys__${i}__Hash', value: key.hash }
    { name: 'DECISIONING__Keys__${i}__Roles', value: key.roles }
    { name: 'DECISIONING__Keys__${i}__Brands', value: key.brands }
  ]
]

var settings = concat(
  [
    { name: 'AZURE_CLIENT_ID', value: clientId }
    { name: 'DECISIONING__Cluster__Join', secretRef: 'join' }
    { name: 'DECISIONING__Cluster__Advertise', value: 'auto' }
    { name: 'DECISIONING__Cluster__SiloPort', value: '11111' }
    { name: 'DECISIONING__Cluster__GatewayPort', value: '30000' }
    { name: 'DECISIONING__Hosts__0', value: 'silo-${suffix}.${environment.properties.defaultDomain}' }
  ],
  empty(publicUrl) ? [] : [{ name: 'DECISIONING__PublicUrl', value: publicUrl }],
  empty(otlpEndpoint) ? [] : [{ name: 'DECISIONING__Telemetry__Otlp', value: otlpEndpoint }],
  flatten(perKey)
)

// The server answers to no name that it was not told; probes come by the replica's address.
var asLocal = [{ name: 'Host', value: 'localhost' }]

resource environment 'Microsoft.App/managedEnvironments@2024-03-01' existing = {
  name: last(split(environmentId, '/'))
}

resource silo 'Microsoft.App/containerApps@2024-03-01' = {
  name: 'silo-${suffix}'
  location: location
  tags: union(tags, { 'azd-service-name': 'silo' })
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${identityId}': {} } }
  properties: {
    managedEnvironmentId: environmentId
    workloadProfileName: 'Consumption'
    configuration: {
      activeRevisionsMode: 'Single'
      registries: [{ server: registry, identity: identityId }]
      secrets: [{ name: 'join', value: join }]
      ingress: {
        external: true
        targetPort: 5080
        transport: 'auto'
        allowInsecure: false
        // A watcher's ticket and its hub have to be at one silo. Container Apps cannot route by a header: see ../README.md, "Where calls go".
        stickySessions: { affinity: 'sticky' }
        additionalPortMappings: [
          { external: false, targetPort: 11111 }
          { external: false, targetPort: 30000 }
        ]
      }
    }
    template: {
      terminationGracePeriodSeconds: 60
      containers: [
        {
          name: 'silo'
          image: image
          resources: { cpu: json('2'), memory: '4Gi' }
          env: settings
          volumeMounts: [{ volumeName: 'data', mountPath: '/data' }]
          probes: [
            { type: 'Startup', httpGet: { path: '/healthz', port: 5080, httpHeaders: asLocal }, periodSeconds: 2, failureThreshold: 60 }
            { type: 'Liveness', httpGet: { path: '/healthz', port: 5080, httpHeaders: asLocal }, periodSeconds: 10, failureThreshold: 3 }
            { type: 'Readiness', httpGet: { path: '/readyz', port: 5080, httpHeaders: asLocal }, periodSeconds: 2, failureThreshold: 2 }
          ]
        }
      ]
      // A member of a cluster keeps nothing of its own.
      volumes: [{ name: 'data', storageType: 'EmptyDir' }]
      scale: {
        minReplicas: atLeast
        maxReplicas: atMost
        rules: [
          { name: 'requests', http: { metadata: { concurrentRequests: '200' } } }
          { name: 'cpu', custom: { type: 'cpu', metadata: { type: 'Utilization', value: '70' } } }
        ]
      }
    }
  }
}

output url string = 'https://${silo.properties.configuration.ingress.fqdn}'
