"""The fields of a Pod template in the order of Kubernetes' own types: what a template hash is taken over.

Responsible for: names, order and types, as data.
Leaves to others: printing and hashing (`pod_template_hash`).
Mirrors: kubernetes `core/v1` and `meta/v1` types of 1.36. Each line is a struct: field by field `Name:type`, where a type is a basic
one, a struct of this table, or a named string (`=Protocol`), with `*` for a pointer and `[]` for a list; `+` before a name means that
the struct's fields stand inline in the manifest. Fields of kinds that are rarely used in templates are only known by name: their
content is left out.
"""

from __future__ import annotations

STRUCTS = {
    "PodTemplateSpec": "Metadata:ObjectMeta Spec:PodSpec",
    "ObjectMeta": (
        "Name:string GenerateName:string Namespace:string SelfLink:string UID:=types.UID ResourceVersion:string Generation:int64"
        " CreationTimestamp:Time DeletionTimestamp:*Time DeletionGracePeriodSeconds:*int64 Labels:map Annotations:map"
        " OwnerReferences:[]OwnerReference Finalizers:[]string ManagedFields:[]ManagedFieldsEntry"
    ),
    "PodSpec": (
        "Volumes:[]Volume InitContainers:[]Container Containers:[]Container EphemeralContainers:[]EphemeralContainer"
        " RestartPolicy:=RestartPolicy TerminationGracePeriodSeconds:*int64 ActiveDeadlineSeconds:*int64 DNSPolicy:=DNSPolicy"
        " NodeSelector:map ServiceAccountName:string DeprecatedServiceAccount:string AutomountServiceAccountToken:*bool NodeName:string"
        " HostNetwork:bool HostPID:bool HostIPC:bool ShareProcessNamespace:*bool SecurityContext:*PodSecurityContext"
        " ImagePullSecrets:[]LocalObjectReference Hostname:string Subdomain:string Affinity:*Affinity SchedulerName:string"
        " Tolerations:[]Toleration HostAliases:[]HostAlias PriorityClassName:string Priority:*int32 DNSConfig:*PodDNSConfig"
        " ReadinessGates:[]PodReadinessGate RuntimeClassName:*string EnableServiceLinks:*bool PreemptionPolicy:*=PreemptionPolicy"
        " Overhead:ResourceList TopologySpreadConstraints:[]TopologySpreadConstraint SetHostnameAsFQDN:*bool OS:*PodOS HostUsers:*bool"
        " SchedulingGates:[]PodSchedulingGate ResourceClaims:[]PodResourceClaim Resources:*ResourceRequirements HostnameOverride:*string"
        " SchedulingGroup:*PodSchedulingGroup"
    ),
    "Container": (
        "Name:string Image:string Command:[]string Args:[]string WorkingDir:string Ports:[]ContainerPort EnvFrom:[]EnvFromSource"
        " Env:[]EnvVar Resources:ResourceRequirements ResizePolicy:[]ContainerResizePolicy RestartPolicy:*=ContainerRestartPolicy"
        " RestartPolicyRules:[]ContainerRestartRule VolumeMounts:[]VolumeMount VolumeDevices:[]VolumeDevice LivenessProbe:*Probe"
        " ReadinessProbe:*Probe StartupProbe:*Probe Lifecycle:*Lifecycle TerminationMessagePath:string"
        " TerminationMessagePolicy:=TerminationMessagePolicy ImagePullPolicy:=PullPolicy SecurityContext:*SecurityContext Stdin:bool"
        " StdinOnce:bool TTY:bool"
    ),
    "ContainerPort": "Name:string HostPort:int32 ContainerPort:int32 Protocol:=Protocol HostIP:string",
    "EnvFromSource": "Prefix:string ConfigMapRef:*ConfigMapEnvSource SecretRef:*SecretEnvSource",
    "ConfigMapEnvSource": "+LocalObjectReference:LocalObjectReference Optional:*bool",
    "SecretEnvSource": "+LocalObjectReference:LocalObjectReference Optional:*bool",
    "LocalObjectReference": "Name:string",
    "EnvVar": "Name:string Value:string ValueFrom:*EnvVarSource",
    "EnvVarSource": (
        "FieldRef:*ObjectFieldSelector ResourceFieldRef:*ResourceFieldSelector ConfigMapKeyRef:*ConfigMapKeySelector"
        " SecretKeyRef:*SecretKeySelector FileKeyRef:*FileKeySelector"
    ),
    "ObjectFieldSelector": "APIVersion:string FieldPath:string",
    "ResourceFieldSelector": "ContainerName:string Resource:string Divisor:Quantity",
    "ConfigMapKeySelector": "+LocalObjectReference:LocalObjectReference Key:string Optional:*bool",
    "SecretKeySelector": "+LocalObjectReference:LocalObjectReference Key:string Optional:*bool",
    "ResourceRequirements": "Limits:ResourceList Requests:ResourceList Claims:[]ResourceClaim",
    "ResourceClaim": "Name:string Request:string",
    "ContainerResizePolicy": "ResourceName:=ResourceName RestartPolicy:=ResourceResizeRestartPolicy",
    "VolumeMount": (
        "Name:string ReadOnly:bool RecursiveReadOnly:*=RecursiveReadOnlyMode MountPath:string SubPath:string"
        " MountPropagation:*=MountPropagationMode SubPathExpr:string"
    ),
    "VolumeDevice": "Name:string DevicePath:string",
    "Probe": (
        "+ProbeHandler:ProbeHandler InitialDelaySeconds:int32 TimeoutSeconds:int32 PeriodSeconds:int32 SuccessThreshold:int32"
        " FailureThreshold:int32 TerminationGracePeriodSeconds:*int64"
    ),
    "ProbeHandler": "Exec:*ExecAction HTTPGet:*HTTPGetAction TCPSocket:*TCPSocketAction GRPC:*GRPCAction",
    "ExecAction": "Command:[]string",
    "HTTPGetAction": "Path:string Port:IntOrString Host:string Scheme:=URIScheme HTTPHeaders:[]HTTPHeader",
    "HTTPHeader": "Name:string Value:string",
    "TCPSocketAction": "Port:IntOrString Host:string",
    "GRPCAction": "Port:int32 Service:*string",
    "SleepAction": "Seconds:int64",
    "Lifecycle": "PostStart:*LifecycleHandler PreStop:*LifecycleHandler StopSignal:*=Signal",
    "LifecycleHandler": "Exec:*ExecAction HTTPGet:*HTTPGetAction TCPSocket:*TCPSocketAction Sleep:*SleepAction",
    "SecurityContext": (
        "Capabilities:*Capabilities Privileged:*bool SELinuxOptions:*SELinuxOptions WindowsOptions:*WindowsSecurityContextOptions"
        " RunAsUser:*int64 RunAsGroup:*int64 RunAsNonRoot:*bool ReadOnlyRootFilesystem:*bool AllowPrivilegeEscalation:*bool"
        " ProcMount:*=ProcMountType SeccompProfile:*SeccompProfile AppArmorProfile:*AppArmorProfile"
    ),
    "Capabilities": "Add:[]=Capability Drop:[]=Capability",
    "SELinuxOptions": "User:string Role:string Type:string Level:string",
    "SeccompProfile": "Type:=SeccompProfileType LocalhostProfile:*string",
    "AppArmorProfile": "Type:=AppArmorProfileType LocalhostProfile:*string",
    "PodSecurityContext": (
        "SELinuxOptions:*SELinuxOptions WindowsOptions:*WindowsSecurityContextOptions RunAsUser:*int64 RunAsGroup:*int64"
        " RunAsNonRoot:*bool SupplementalGroups:[]int64 SupplementalGroupsPolicy:*=SupplementalGroupsPolicy FSGroup:*int64"
        " Sysctls:[]Sysctl FSGroupChangePolicy:*=PodFSGroupChangePolicy SeccompProfile:*SeccompProfile AppArmorProfile:*AppArmorProfile"
        " SELinuxChangePolicy:*=PodSELinuxChangePolicy"
    ),
    "Sysctl": "Name:string Value:string",
    "Toleration": ("Key:string Operator:=TolerationOperator Value:string Effect:=TaintEffect TolerationSeconds:*int64"),
    "HostAlias": "IP:string Hostnames:[]string",
    "PodDNSConfig": "Nameservers:[]string Searches:[]string Options:[]PodDNSConfigOption",
    "PodDNSConfigOption": "Name:string Value:*string",
    "PodReadinessGate": "ConditionType:=PodConditionType",
    "PodOS": "Name:=OSName",
    "PodSchedulingGate": "Name:string",
    "TopologySpreadConstraint": (
        "MaxSkew:int32 TopologyKey:string WhenUnsatisfiable:=UnsatisfiableConstraintAction LabelSelector:*LabelSelector MinDomains:*int32"
        " NodeAffinityPolicy:*=NodeInclusionPolicy NodeTaintsPolicy:*=NodeInclusionPolicy MatchLabelKeys:[]string"
    ),
    "LabelSelector": "MatchLabels:map MatchExpressions:[]LabelSelectorRequirement",
    "LabelSelectorRequirement": "Key:string Operator:=LabelSelectorOperator Values:[]string",
    "Affinity": "NodeAffinity:*NodeAffinity PodAffinity:*PodAffinity PodAntiAffinity:*PodAntiAffinity",
    "NodeAffinity": (
        "RequiredDuringSchedulingIgnoredDuringExecution:*NodeSelector"
        " PreferredDuringSchedulingIgnoredDuringExecution:[]PreferredSchedulingTerm"
    ),
    "NodeSelector": "NodeSelectorTerms:[]NodeSelectorTerm",
    "NodeSelectorTerm": "MatchExpressions:[]NodeSelectorRequirement MatchFields:[]NodeSelectorRequirement",
    "NodeSelectorRequirement": "Key:string Operator:=NodeSelectorOperator Values:[]string",
    "PreferredSchedulingTerm": "Weight:int32 Preference:NodeSelectorTerm",
    "PodAffinity": (
        "RequiredDuringSchedulingIgnoredDuringExecution:[]PodAffinityTerm"
        " PreferredDuringSchedulingIgnoredDuringExecution:[]WeightedPodAffinityTerm"
    ),
    "PodAntiAffinity": (
        "RequiredDuringSchedulingIgnoredDuringExecution:[]PodAffinityTerm"
        " PreferredDuringSchedulingIgnoredDuringExecution:[]WeightedPodAffinityTerm"
    ),
    "WeightedPodAffinityTerm": "Weight:int32 PodAffinityTerm:PodAffinityTerm",
    "PodAffinityTerm": (
        "LabelSelector:*LabelSelector Namespaces:[]string TopologyKey:string NamespaceSelector:*LabelSelector MatchLabelKeys:[]string"
        " MismatchLabelKeys:[]string"
    ),
    "Volume": "Name:string +VolumeSource:VolumeSource",
    "VolumeSource": (
        "HostPath:*HostPathVolumeSource EmptyDir:*EmptyDirVolumeSource GCEPersistentDisk:*GCEPersistentDiskVolumeSource"
        " AWSElasticBlockStore:*AWSElasticBlockStoreVolumeSource GitRepo:*GitRepoVolumeSource Secret:*SecretVolumeSource"
        " NFS:*NFSVolumeSource ISCSI:*ISCSIVolumeSource Glusterfs:*GlusterfsVolumeSource"
        " PersistentVolumeClaim:*PersistentVolumeClaimVolumeSource RBD:*RBDVolumeSource FlexVolume:*FlexVolumeSource"
        " Cinder:*CinderVolumeSource CephFS:*CephFSVolumeSource Flocker:*FlockerVolumeSource DownwardAPI:*DownwardAPIVolumeSource"
        " FC:*FCVolumeSource AzureFile:*AzureFileVolumeSource ConfigMap:*ConfigMapVolumeSource"
        " VsphereVolume:*VsphereVirtualDiskVolumeSource Quobyte:*QuobyteVolumeSource AzureDisk:*AzureDiskVolumeSource"
        " PhotonPersistentDisk:*PhotonPersistentDiskVolumeSource Projected:*ProjectedVolumeSource PortworxVolume:*PortworxVolumeSource"
        " ScaleIO:*ScaleIOVolumeSource StorageOS:*StorageOSVolumeSource CSI:*CSIVolumeSource Ephemeral:*EphemeralVolumeSource"
        " Image:*ImageVolumeSource"
    ),
    "HostPathVolumeSource": "Path:string Type:*=HostPathType",
    "EmptyDirVolumeSource": "Medium:=StorageMedium SizeLimit:*Quantity",
    "SecretVolumeSource": "SecretName:string Items:[]KeyToPath DefaultMode:*int32 Optional:*bool",
    "ConfigMapVolumeSource": "+LocalObjectReference:LocalObjectReference Items:[]KeyToPath DefaultMode:*int32 Optional:*bool",
    "KeyToPath": "Key:string Path:string Mode:*int32",
    "NFSVolumeSource": "Server:string Path:string ReadOnly:bool",
    "PersistentVolumeClaimVolumeSource": "ClaimName:string ReadOnly:bool",
}
