"""What a reported mail, link, picture or message says, told as plain values; nothing is fetched, no stranger's file is opened outside the jail."""
