"""Writes bandit_twin_tuned.csv: estimators and choices of λ that Open Bandit Pipeline has only since 0.5, on the rounds of bandit_twin.csv. Run once with obp 0.5.5.

Rows: "value", name, λ, value; "tuned", name, rule, chosen λ, with the candidates λ = 0.05·2^j, j = 0..11.
"""

import csv
import pathlib

import numpy as np
from obp.ope import (DoublyRobust, DoublyRobustTuning, DoublyRobustWithShrinkageTuning, InverseProbabilityWeighting, InverseProbabilityWeightingTuning,
                     SubGaussianDoublyRobust, SubGaussianInverseProbabilityWeighting, SwitchDoublyRobustTuning)

here = pathlib.Path(__file__)
rows = [row[1:] for row in csv.reader(open(here.with_name("bandit_twin.csv"))) if row[0] == "round"]
data = np.array(rows, dtype=float)
inputs = {"reward": data[:, 2], "action": data[:, 1].astype(int), "pscore": data[:, 3], "action_dist": data[:, 7:12, None]}
predicted = {"estimated_rewards_by_reg_model": data[:, 12:17, None]}
CANDIDATES = [0.05 * 2**j for j in range(12)]

with open(here.with_suffix(".csv"), "w", newline="") as file:
    out = csv.writer(file, lineterminator="\n")
    for parameter in (0.5, 2.0, 10.0):
        out.writerow(["value", "clippedIps", parameter, repr(float(InverseProbabilityWeighting(lambda_=parameter).estimate_policy_value(**inputs)))])
        out.writerow(["value", "clippedDr", parameter, repr(float(DoublyRobust(lambda_=parameter).estimate_policy_value(**inputs, **predicted)))])
    for parameter in (0.0, 0.2, 0.9):
        out.writerow(["value", "subGaussian", parameter, repr(float(SubGaussianInverseProbabilityWeighting(lambda_=parameter).estimate_policy_value(**inputs)))])
        out.writerow(["value", "subGaussianDr", parameter, repr(float(SubGaussianDoublyRobust(lambda_=parameter).estimate_policy_value(**inputs, **predicted)))])
    for name, tuning, more in (("clippedIps", InverseProbabilityWeightingTuning, {}), ("clippedDr", DoublyRobustTuning, predicted),
                               ("switchDr", SwitchDoublyRobustTuning, predicted), ("drOs", DoublyRobustWithShrinkageTuning, predicted)):
        for rule, settings in (("MSE", {"tuning_method": "mse", "use_bias_upper_bound": False}), ("MSE_BOUND", {"tuning_method": "mse", "delta": 0.05}),
                               ("SLOPE_PLUS_PLUS", {"tuning_method": "slope"})):
            estimator = tuning(lambdas=list(CANDIDATES), **settings)
            estimator.estimate_policy_value(**inputs, **more)
            out.writerow(["tuned", name, rule, estimator.best_hyperparam])
