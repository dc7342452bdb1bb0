locals {
  # urlencode() writes a blank as "+", which libpq takes literally; a "+" itself it writes as %2B.
  user     = replace(urlencode(var.db_user), "+", "%20")
  password = replace(urlencode(var.db_password), "+", "%20")
  name     = replace(urlencode(var.db_name), "+", "%20")

  database_url = (
    var.db_connection == "vpc"
    ? "postgresql://${local.user}:${local.password}@${var.db_host}:${var.db_port}/${local.name}?sslmode=${var.db_sslmode}"
    : "postgresql://${local.user}:${local.password}@/${local.name}?host=${var.db_host}"
  )
}
