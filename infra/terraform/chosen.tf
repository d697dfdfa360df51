# Generated from lib/customer-templates.

locals {
  cluster_region = try(var.scale.cluster.region, "")
  cluster_name   = try(var.scale.cluster.name, "")

  # A managed policy holds 6,144 characters: the longest ARNs of twenty services fit with room to spare for most accounts.
  listed = [for part in chunklist(var.scale.services, 20) : jsonencode({
    Version   = "2012-10-17"
    Statement = [merge(jsondecode(var.scale.harden_requests ? jsonencode(local.write_hardened) : jsonencode(local.write)).Statement[0], { Resource = part })]
  })]
  in_cluster = var.scale.cluster == null ? [] : [var.scale.harden_requests ? jsonencode(local.write_cluster_hardened) : jsonencode(local.write_cluster)]
  tagged     = var.scale.tagged ? [var.scale.harden_requests ? jsonencode(local.write_tagged_hardened) : jsonencode(local.write_tagged)] : []

  attached = merge(
    { for i, document in local.listed : "write-${i + 1}" => document },
    { for document in local.in_cluster : "write-cluster" => document },
    { for document in local.tagged : "write-tagged" => document },
    length(var.queue_arns) == 0 ? {} : { queues = jsonencode(local.queues) },
  )
}
