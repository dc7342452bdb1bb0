# dev. No secret stands here: the password comes from TF_VAR_db_password, the image from TF_VAR_image.
project     = "vividly-dev"
region      = "europe-west1"
environment = "dev"

db_connection       = "vpc"
db_tier             = "db-g1-small"
db_highly_available = false

instances             = { min = 0, max = 2 }
notification_channels = []
