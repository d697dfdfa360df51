# Generated from lib/customer-templates.

output "role_arn" {
  description = "Give this to Sluice: sluice connect ACCOUNT_ID --customer NAME --role-arn ARN."
  value       = aws_iam_role.this.arn
}

output "template_version" {
  description = "The version of this module, which the role carries as a tag."
  value       = "1"
}
