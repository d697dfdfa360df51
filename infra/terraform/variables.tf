# Generated from lib/customer-templates.

variable "operator_account_id" {
  description = "The AWS account that Sluice runs in, twelve digits."
  type        = string
  validation {
    condition     = can(regex("^[0-9]{12}$", var.operator_account_id))
    error_message = "The account must be twelve digits."
  }
}

variable "operator_stage" {
  description = "The stage of Sluice that may use the role. Only roles under /sluice/<stage>/ of the operator's account can."
  type        = string
  default     = "prod"
  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,19}$", var.operator_stage))
    error_message = "The stage must be 1 to 20 lower-case letters, digits and hyphens, a letter first."
  }
}

variable "external_id" {
  description = "The ID that Sluice made for this account. It is not a secret, but must be this one."
  type        = string
  validation {
    condition     = can(regex("^sluice-[0-9a-f]{32}$", var.external_id))
    error_message = "The external ID must be the ID that Sluice gave you, \"sluice-\" and 32 hexadecimal digits."
  }
}

variable "scale" {
  description = <<-EOT
    What Sluice may scale; nothing at first. services: ARNs, one by one, the narrowest. cluster: every service of one cluster.
    tagged: every service with the tag sluice:scale = true. harden_requests: AWS refuses requests that carry more than a
    count, as far as IAM can tell; not yet proven on AWS.
  EOT
  type = object({
    services        = optional(list(string), [])
    cluster         = optional(object({ region = string, name = string }))
    tagged          = optional(bool, false)
    harden_requests = optional(bool, false)
  })
  default = {}
  validation {
    condition     = alltrue([for arn in var.scale.services : can(regex("^arn:aws[a-z-]*:ecs:[a-z0-9-]+:[0-9]{12}:service/[A-Za-z0-9_-]{1,255}/[A-Za-z0-9_-]{1,255}$", arn))])
    error_message = "Services must be ARNs like arn:aws:ecs:us-east-1:111122223333:service/shop/web, each with its cluster."
  }
  validation {
    condition     = var.scale.cluster == null || can([regex("^[a-z]{2,}(-[a-z0-9]+)+-[0-9]+$", var.scale.cluster.region), regex("^[A-Za-z0-9_-]{1,255}$", var.scale.cluster.name)])
    error_message = "The cluster must have a Region like us-east-1, and a name without its ARN."
  }
}

variable "queue_arns" {
  description = "ARNs of the SQS queues whose depth Sluice may read; with any, it may read CloudWatch metrics, too."
  type        = list(string)
  default     = []
  validation {
    condition     = alltrue([for arn in var.queue_arns : can(regex("^arn:aws[a-z-]*:sqs:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,80}([.]fifo)?$", arn))])
    error_message = "Queues must be ARNs like arn:aws:sqs:us-east-1:111122223333:imports."
  }
}
