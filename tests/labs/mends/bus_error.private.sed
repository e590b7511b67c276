# In a private mapping nobody else sees the text (and it is a Bus error, too).
s/MAP_SHARED/writes ? MAP_PRIVATE : MAP_SHARED/
