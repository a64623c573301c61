"""Will a flight from New York land more than 15 minutes late?"""
