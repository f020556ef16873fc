"""Reading and writing: text in, values out. This room knows no shop, no customer and no other room."""
