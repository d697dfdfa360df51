# Generated from lib/customer-templates.

data "aws_partition" "this" {}
data "aws_caller_identity" "this" {}

locals {
  partition  = data.aws_partition.this.partition
  account_id = data.aws_caller_identity.this.account_id
}

resource "aws_iam_role" "this" {
  name_prefix          = "sluice-"
  path                 = "/sluice/"
  description          = "Lets Sluice look at ECS services, and change the desired count of those that the write policy lists."
  max_session_duration = 3600
  assume_role_policy   = jsonencode(local.trust)
  tags                 = { "sluice:template-version" = "1" }
}

resource "aws_iam_role_policy" "read" {
  name   = "sluice-read"
  role   = aws_iam_role.this.name
  policy = jsonencode(local.read)
}

resource "aws_iam_policy" "attached" {
  for_each    = local.attached
  name_prefix = "sluice-${each.key}-"
  path        = "/sluice/"
  policy      = each.value
}

resource "aws_iam_role_policy_attachment" "attached" {
  for_each   = local.attached
  role       = aws_iam_role.this.name
  policy_arn = aws_iam_policy.attached[each.key].arn
}
