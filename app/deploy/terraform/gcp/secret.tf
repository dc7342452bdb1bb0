resource "google_service_account" "service" {
  account_id   = local.name
  display_name = "Prompt service (${var.environment})"
  depends_on   = [google_project_service.needed]
}

resource "google_secret_manager_secret" "database_url" {
  secret_id  = "${local.name}-database-url"
  depends_on = [google_project_service.needed]
  replication {
    auto {}
  }
}

resource "google_secret_manager_secret_version" "database_url" {
  secret                 = google_secret_manager_secret.database_url.id
  secret_data_wo         = module.database_url.database_url
  secret_data_wo_version = var.db_password_version
  deletion_policy        = "ABANDON" # an older version is the way back
  lifecycle {
    create_before_destroy = true
  }
}

# To this secret alone, not to those of the project.
resource "google_secret_manager_secret_iam_member" "service" {
  secret_id = google_secret_manager_secret.database_url.id
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.service.member
}

resource "google_project_iam_member" "connector" {
  count   = local.socket ? 1 : 0
  project = var.project
  role    = "roles/cloudsql.client"
  member  = google_service_account.service.member
}
