"""Image Studio, an AI image template, as a saascore product: ``adapter`` holds the hooks, ``d1`` reads its database."""
