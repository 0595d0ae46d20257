"""Writes logistic_twin.csv: features, labels, and scikit-learn's coefficients for several C. Run once with scikit-learn 1.7.

First rows: label, x0, x1, x2. Last rows: "fit", C, intercept, w0, w1, w2.
"""

import csv
import pathlib

import numpy as np
from sklearn.linear_model import LogisticRegression

random = np.random.default_rng(5)
old = random.normal(0, 1, (60, 3))
new = random.normal([0.7, -0.4, 0.0], [1.0, 0.8, 1.2], (40, 3))
x = np.concatenate([old, new])
y = np.concatenate([np.zeros(60), np.ones(40)])
with open(pathlib.Path(__file__).with_suffix(".csv"), "w", newline="") as file:
    out = csv.writer(file)
    for label, row in zip(y, x):
        out.writerow([int(label), *(repr(float(v)) for v in row)])
    for c in (0.01, 0.1, 1.0, 100.0):
        fit = LogisticRegression(C=c, tol=1e-12, max_iter=100000, solver="newton-cholesky").fit(x, y)
        out.writerow(["fit", c, repr(float(fit.intercept_[0])), *(repr(float(v)) for v in fit.coef_[0])])
