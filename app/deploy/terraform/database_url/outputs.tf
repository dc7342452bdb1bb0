output "database_url" {
  description = "For a write-only argument, such as secret_data_wo of google_secret_manager_secret_version."
  value       = local.database_url
  sensitive   = true
  ephemeral   = true
}
